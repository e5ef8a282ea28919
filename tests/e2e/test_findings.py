"""What is wrong is what the tab opens on, and by which rule is for a person to say."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e import logs, probed
from tests.e2e.probed import Probed
from tests.e2e.tab import Tab

OpenTab = Callable[..., Tab]
NORM = 0.5 * (6 * logs.UNITS) ** 0.5
"""Of the gradient of the painted kernel's input and forget gates."""


def test_the_tab_opens_on_what_is_wrong_most(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(probed_runs.url)
    # A gradient that vanishes is worse than the gate that is saturated, though that began earlier.
    expect(tab.get("open-layer")).to_have_text("memory")
    expect(tab.get("kind-gradients")).to_have_attribute("aria-pressed", "true")
    tab.expect_step(probed.STEPS[-1])


def test_an_address_that_says_what_to_look_at_is_obeyed(open_tab: OpenTab, probed_runs: Probed) -> None:
    tab = open_tab(f'{probed_runs.url}/#rnnweights&p.rnnweights.kind="weights"')
    expect(tab.get("kind-weights")).to_have_attribute("aria-pressed", "true")
    expect(tab.get("open-layer")).to_have_text("both forward")


def test_a_threshold_is_tried_kept_in_the_address_and_reset(open_tab: OpenTab, compared_runs: str) -> None:
    tab = open_tab(compared_runs)
    exploding = tab.get("rule-finding", rule="exploding_gradient")
    expect(tab.get("open-rules")).to_have_text("rules")
    expect(exploding).to_have_count(0)
    tab.get("open-rules").click()
    field = tab.get("threshold", rule="exploding_gradient")
    expect(field).to_have_value("1000")
    field.fill("3")
    field.press("Enter")
    # Of both runs, both gates of which the norm is larger; the others' is not.
    expect(exploding).to_have_count(4)
    expect(exploding.first).to_contain_text(re.compile(rf"norm is {NORM:.2f}, since step {logs.STEPS[2]}"))
    expect(exploding.first).to_have_attribute("title", re.compile("above 3 in 2 snapshots"))
    expect(tab.get("open-rules")).to_have_text("rules: 1 threshold changed")
    field.fill("-1")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(exploding).to_have_count(4)
    tab.page.wait_for_function("location.hash.includes('rnnweights.thresholds=')")
    tab = tab.reopened()
    exploding = tab.get("rule-finding", rule="exploding_gradient")
    expect(exploding).to_have_count(4)
    tab.get("open-rules").click()
    tab.get("reset-threshold", rule="exploding_gradient").click()
    expect(exploding).to_have_count(0)
    expect(tab.get("threshold", rule="exploding_gradient")).to_have_value("1000")
    expect(tab.get("reset-threshold")).to_have_count(0)
