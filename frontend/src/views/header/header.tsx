/** The bar at the top: what kind of numbers, and of which step. */

import { HelpButton } from "./help_button";
import { KindSwitch } from "./kind_switch";
import { LinkButton } from "./link_button";
import { ReferenceChoice } from "./reference_choice";
import { StepSlider } from "./step_slider";

export function Header() {
  return (
    <header class="header">
      <h1>RNN Weights</h1>
      <KindSwitch />
      <StepSlider />
      <ReferenceChoice />
      <span class="tools">
        <LinkButton />
        <HelpButton />
      </span>
    </header>
  );
}
