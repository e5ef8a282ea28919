"""Weights of PyTorch that are computed from others: what they are now, and which gradient is theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrizations, parametrize, prune

from tensorboard_plugin_rnnweights.capture.decompose import decompose
from tensorboard_plugin_rnnweights.frameworks.discovery import adapter_for, find_cells
from tests.frameworks.torch_models import seeded, signals, weighted
from tests.frameworks.torch_trained import (
    INPUTS,
    assert_same_state,
    backward,
    gradient,
    gradient_at,
    gradients_and_notices,
    lstm,
    state_of,
    step,
    weight,
)

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

NAME = "weight_hh_l0"


class Halved(nn.Module):
    """A parametrization of a user's own."""

    def forward(self, original: Any) -> Any:
        return original / 2


class Outer(nn.Module):
    """A parametrization by two originals of other shapes."""

    def forward(self, column: Any, row: Any) -> Any:
        return column @ row

    def right_inverse(self, weight: Any) -> Any:
        return weight[:, :1], weight[:1]


class Noisy(nn.Module):
    """A parametrization that draws random numbers and counts its calls while it is trained."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, original: Any) -> Any:
        self.calls += 1
        return functional.dropout(original, 0.5, self.training)


class WeightDropout(nn.Module):
    """As fastai's: the trained weight is the wrapper's, and each forward pass sets the module's."""

    def __init__(self, module: Any, weight_p: float, name: str = NAME) -> None:
        super().__init__()
        self.module, self.weight_p, self.name = module, weight_p, name
        weight = getattr(module, name)
        delattr(module, name)
        self.register_parameter(f"{name}_raw", nn.Parameter(weight.data))
        setattr(module, name, weight.clone())

    def forward(self, *args: Any) -> Any:
        raw = getattr(self, f"{self.name}_raw")
        dropped = functional.dropout(raw, self.weight_p) if self.training else raw.clone()
        setattr(self.module, self.name, dropped)
        return self.module(*args)


class WeightDrop(nn.Module):
    """As AWD-LSTM's: both stand in the module itself, where there is no weight before the first call."""

    def __init__(self, module: Any, dropout: float, name: str = NAME) -> None:
        super().__init__()
        self.module, self.dropout, self.name = module, dropout, name
        weight = module._parameters.pop(name)
        module.register_parameter(f"{name}_raw", nn.Parameter(weight.data))

    def forward(self, *args: Any) -> Any:
        raw = getattr(self.module, f"{self.name}_raw")
        setattr(self.module, self.name, functional.dropout(raw, self.dropout, self.training))
        return self.module(*args)


class Generated(nn.Module):
    """The recurrent kernel comes from a network of the user's own, as in a hypernetwork."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = lstm()
        delattr(self.lstm, NAME)
        self.generator = seeded(nn.Linear(1, 64))
        self.lstm.weight_hh_l0 = torch.zeros(16, 4, dtype=torch.float64)

    def forward(self, *args: Any) -> Any:
        self.lstm.weight_hh_l0 = self.generator(torch.ones(1, dtype=torch.float64)).reshape(16, 4)
        return self.lstm(*args)


def pruned(module: Any) -> Any:
    return prune.l1_unstructured(module, NAME, amount=0.5)


def pruned_twice(module: Any) -> Any:
    return prune.ln_structured(pruned(module), NAME, amount=1, n=2, dim=0)


def parametrized(kind: Any) -> Callable[[Any], Any]:
    def make(module: Any) -> Any:
        parametrize.register_parametrization(module, NAME, kind())
        return module

    return make


# A way to compute the weight; the note of the weight.
WAYS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "weight_norm": (
        lambda module: nn.utils.weight_norm(module, NAME),
        "computed by weight_norm from weight_hh_l0_g and weight_hh_l0_v",
    ),
    "parametrizations.weight_norm": (
        lambda module: parametrizations.weight_norm(module, NAME),
        "computed by weight_norm from original0 and original1",
    ),
    "spectral_norm": (
        lambda module: nn.utils.spectral_norm(module, NAME),
        "computed by spectral_norm from weight_hh_l0_orig",
    ),
    "parametrizations.spectral_norm": (
        lambda module: parametrizations.spectral_norm(module, NAME),
        "computed by spectral_norm from original",
    ),
    "orthogonal": (
        lambda module: parametrizations.orthogonal(module, NAME, "cayley"),
        "computed by orthogonal from original",
    ),
    "prune": (pruned, "computed by pruning from weight_hh_l0_orig"),
    "pruned twice": (pruned_twice, "computed by pruning from weight_hh_l0_orig"),
    "one's own": (parametrized(Halved), "computed by Halved from original"),
    "two originals": (
        parametrized(Outer),
        "computed by Outer from original0 and original1",
    ),
    "in training": (parametrized(Noisy), "computed by Noisy from original"),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def computed(way: str) -> Any:
    return WAYS[way][0](lstm())


def test_the_weight_is_the_one_of_now_also_after_a_step(way: str) -> None:
    module = computed(way).eval()
    backward(module)
    before = weight(module).values
    step(module)
    after = weight(module)
    assert after.note == WAYS[way][1]
    assert not np.allclose(before, after.values)
    # In evaluation the next forward pass uses exactly this weight.
    module(INPUTS)
    np.testing.assert_allclose(after.values, getattr(module, NAME).detach().numpy().T, rtol=1e-12)


def test_a_look_changes_nothing_of_the_module(way: str) -> None:
    module = backward(computed(way))
    before = state_of(module)
    decompose(module)
    gradients_and_notices(module)
    assert_same_state(before, state_of(module))


def test_sources_are_not_shown_again(way: str) -> None:
    matrices = [one.matrix for one in decompose(computed(way))]
    assert matrices == ["kernel", "recurrent_kernel", "bias", "recurrent_bias"]


def test_no_gradient_goes_missing_without_a_sentence(way: str) -> None:
    found, notices = gradients_and_notices(backward(computed(way)))
    assert ("recurrent_kernel" in found) == (not notices)
    assert {"kernel", "bias", "recurrent_bias"} <= found


@pytest.mark.parametrize("norm", [nn.utils.weight_norm, parametrizations.weight_norm])
@pytest.mark.parametrize("dim", [0, 1, None])
def test_the_gradient_of_a_normalised_weight_is_exact(norm: Any, dim: int | None) -> None:
    module = backward(norm(lstm(), NAME, dim))
    expected = gradient_at(getattr(module, NAME).detach().numpy(), module)
    found = gradient(module)
    np.testing.assert_allclose(found.values, expected, rtol=1e-9, atol=1e-12)
    assert found.note == "computed from the gradients of g and v"


def test_gradients_may_be_given_as_a_list_or_as_pairs() -> None:
    module = nn.utils.weight_norm(lstm(), NAME)
    parameters = [*module.parameters()]
    given = torch.autograd.grad((module(INPUTS)[0] ** 2).sum(), parameters)
    expected = gradient(backward(module)).values
    pairs = [*zip(given, parameters, strict=True)]
    for one in (given, pairs, pairs[::-1]):
        np.testing.assert_allclose(gradient(module, one).values, expected, rtol=1e-9)


def test_a_pair_with_the_computed_weight_itself_counts_first() -> None:
    module = nn.utils.weight_norm(lstm(), NAME)
    loss = (module(INPUTS)[0] ** 2).sum()
    (given,) = torch.autograd.grad(loss, [module.weight_hh_l0], retain_graph=True)
    loss.backward()
    found = gradient(module, [(given, module.weight_hh_l0)])
    np.testing.assert_array_equal(found.values, given.numpy().T)
    assert found.note == ""


def test_where_the_magnitude_is_0_the_gradient_is_missing_and_why() -> None:
    module = nn.utils.weight_norm(lstm(), NAME)
    with torch.no_grad():
        module.weight_hh_l0_g[3] = 0
    found, (notice,) = gradients_and_notices(backward(module))
    assert "recurrent_kernel" not in found
    assert "its magnitude (g of weight_norm) is 0 in places" in notice.text
    assert (notice.kind, notice.layers) == ("gradients", ("lstm",))


@pytest.mark.parametrize(
    "spoil", [step, lambda module: nn.utils.clip_grad_value_(module.parameters(), 1e-3)]
)
def test_gradients_that_no_longer_belong_to_the_weight_are_refused(spoil: Any) -> None:
    module = backward(nn.utils.weight_norm(lstm(), NAME))
    spoil(module)
    found, (notice,) = gradients_and_notices(module)
    assert "recurrent_kernel" not in found
    assert "log them before optimizer.step(), and before they are clipped by value" in notice.text


def test_a_clipped_norm_scales_the_gradient_of_a_normalised_weight() -> None:
    module = backward(nn.utils.weight_norm(lstm(), NAME))
    before = gradient(module).values
    nn.utils.clip_grad_norm_(module.parameters(), 0.1)
    after = gradient(module).values
    ratio = after / before
    np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-6)
    assert 0 < ratio[0, 0] < 1


def test_nan_is_shown_where_it_is() -> None:
    module = backward(nn.utils.weight_norm(lstm(), NAME))
    module.weight_hh_l0_v.grad[2, 1] = float("nan")
    assert np.argwhere(np.isnan(gradient(module).values)).tolist() == [[1, 2]]


def test_a_frozen_half_of_a_normalised_weight_leaves_its_gradient_unknown() -> None:
    module = nn.utils.weight_norm(lstm(), NAME)
    module.weight_hh_l0_g.requires_grad_(False)
    assert weight(module).is_trained
    _, (notice,) = gradients_and_notices(backward(module))
    assert "it is computed from 'weight_hh_l0_g', of which there is none: it is frozen" in notice.text


def test_a_weight_whose_sources_are_all_frozen_is_frozen_and_not_missing() -> None:
    module = nn.utils.weight_norm(lstm(), NAME)
    for name in ("weight_hh_l0_g", "weight_hh_l0_v"):
        module.get_parameter(name).requires_grad_(False)
    assert not weight(module).is_trained
    assert gradients_and_notices(backward(module)) == ({"kernel", "bias", "recurrent_bias"}, [])


@pytest.mark.parametrize(
    ("way", "name"),
    [
        ("prune", "weight_hh_l0_orig"),
        ("spectral_norm", "weight_hh_l0_orig"),
        ("one's own", "parametrizations.weight_hh_l0.original"),
        ("orthogonal", "parametrizations.weight_hh_l0.original"),
    ],
)
def test_the_gradient_of_the_one_original_stands_for_the_weights_and_says_so(way: str, name: str) -> None:
    module = backward(computed(way))
    expected = module.get_parameter(name).grad.numpy()
    found = gradient(module)
    assert np.abs(expected).max() > 0
    np.testing.assert_array_equal(found.values, expected.T)
    assert found.note == f"gradient of {name}"


def test_originals_of_other_shapes_leave_the_gradient_missing_and_say_what_to_do() -> None:
    _, (notice,) = gradients_and_notices(backward(computed("two originals")))
    assert "computed by Outer" in notice.text
    assert "weight_hh_l0.retain_grad()" in notice.text


def test_what_it_says_to_do_helps() -> None:
    module = computed("two originals")
    with parametrize.cached():
        loss = (module(INPUTS)[0] ** 2).sum()
        module.weight_hh_l0.retain_grad()
        loss.backward()
        found = gradient(module)
        expected = gradient_at(module.weight_hh_l0.detach().numpy(), module)
    np.testing.assert_allclose(found.values, expected, rtol=1e-9, atol=1e-12)
    assert found.note == ""


def test_a_retained_gradient_is_the_weights_own_and_counts_first() -> None:
    module = nn.utils.spectral_norm(lstm(), NAME)
    loss = (module(INPUTS)[0] ** 2).sum()
    module.weight_hh_l0.retain_grad()
    loss.backward()
    found = gradient(module)
    np.testing.assert_array_equal(found.values, module.weight_hh_l0.grad.numpy().T)
    assert found.note == ""


@pytest.mark.parametrize("wrap", [WeightDropout, WeightDrop])
@pytest.mark.parametrize("is_called", [False, True])
def test_of_a_dropped_weight_the_trained_one_is_shown(wrap: Any, is_called: bool) -> None:
    module = wrap(lstm(), 0.5)
    raw = next(one for name, one in module.named_parameters() if name.endswith("_raw"))
    if is_called:
        step(backward(module))
        np.testing.assert_array_equal(gradient(module).values, raw.grad.numpy().T)
        assert gradient(module).note == "gradient of weight_hh_l0_raw"
    shown = weight(module)
    np.testing.assert_array_equal(shown.values, raw.detach().numpy().T)
    assert shown.note == "weight_hh_l0_raw, from which weight_hh_l0 is computed"
    assert len(decompose(module)) == 4
    assert shown.is_trained


def test_a_weight_by_code_of_ones_own_is_the_last_one_and_says_so() -> None:
    module = Generated()
    loss = (module(INPUTS)[0] ** 2).sum()
    module.lstm.weight_hh_l0.retain_grad()
    loss.backward()
    shown = weight(module)
    np.testing.assert_array_equal(shown.values, module.lstm.weight_hh_l0.detach().numpy().T)
    assert shown.note == "as the last forward pass computed it"
    np.testing.assert_array_equal(gradient(module).values, module.lstm.weight_hh_l0.grad.numpy().T)
    module.zero_grad()
    _, (notice,) = gradients_and_notices(backward(module))
    assert "call retain_grad() on weight_hh_l0 after the forward pass" in notice.text


def test_cells_that_are_kept_are_not_stale() -> None:
    module = nn.utils.weight_norm(lstm(), NAME)
    (cell,) = find_cells(module)
    step(backward(module))
    variable = cell.variables["weight_hh_l{index}{reverse}"]
    np.testing.assert_array_equal(variable.now().values.numpy().T, weight(module).values)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16], ids=str)
def test_the_gradient_of_a_normalised_weight_holds_in_other_types(dtype: Any) -> None:
    module = nn.utils.weight_norm(lstm(), NAME).to(dtype)
    loss = (module(INPUTS.to(dtype))[0].float() ** 2).sum()
    module.weight_hh_l0.retain_grad()
    loss.backward()
    expected = module.weight_hh_l0.grad.float().numpy().T
    module.weight_hh_l0 = module.weight_hh_l0.detach()
    found = gradient(module).values
    assert found.dtype.name == str(dtype).removeprefix("torch.")
    tolerance = 4 * torch.finfo(dtype).eps
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found.astype(np.float32), expected, rtol=tolerance, atol=tolerance * scale)


class First(nn.Module):
    """The outputs alone."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.module = module

    def forward(self, inputs: Any) -> Any:
        return self.module(inputs)[0]


@pytest.mark.parametrize("make", [*WAYS, WeightDropout, WeightDrop])
def test_a_probe_is_followed_with_the_weight_that_the_layer_uses(make: Any) -> None:
    module = First(make(lstm(), 0.5) if isinstance(make, type) else computed(make))
    before = state_of(module)
    targets = torch.ones(2, 5, 4, dtype=torch.float64)
    (found,) = signals(module, INPUTS, targets, weighted).values()
    assert_same_state(before, state_of(module))
    module.eval()
    np.testing.assert_allclose(found.outputs, module(INPUTS).detach().numpy(), rtol=1e-9)
    assert adapter_for(module).find(module).is_complete


@pytest.mark.parametrize("way", ["weight_norm", "spectral_norm", "orthogonal"])
def test_autocast_around_the_call_changes_no_number(way: str) -> None:
    module = computed(way).float()
    expected = weight(module).values
    with torch.autocast("cpu", torch.bfloat16):
        np.testing.assert_array_equal(weight(module).values, expected)
