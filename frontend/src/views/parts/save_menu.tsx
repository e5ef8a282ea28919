/** What can be saved of a card: a picture of it, and the numbers that it shows. */

import { domToPng, domToSvg } from "modern-screenshot";
import { useRef, useState } from "preact/hooks";
import { reasonOf } from "../../api/answer";
import { type Export, exportUrl } from "../../api/export";
import { words } from "./words";

/** How many pixels of the picture a pixel of the screen becomes, so that it is sharp in print. */
const SCALE = 2;
/** The class of what has no place in a picture. */
const NOT_SAVED = "not-saved";

type Format = "png" | "svg";

const PICTURES: readonly { format: Format; save: (element: HTMLElement) => Promise<string> }[] = [
  { format: "png", save: (element) => domToPng(element, options(element)) },
  { format: "svg", save: (element) => domToSvg(element, options(element)) },
];

interface Properties {
  /** What the file is called. */
  name: string;
  /** The numbers behind the card. */
  data?: readonly Export[];
}

export function SaveMenu({ name, data = [] }: Properties) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const close = () => menu.current?.removeAttribute("open");
  const savePicture = async (format: Format, save: (element: HTMLElement) => Promise<string>) => {
    const card = menu.current?.closest<HTMLElement>(".card");
    close();
    try {
      if (card) {
        download(await save(card), `${name}.${format}`);
      }
      setFault(null);
    } catch (error) {
      setFault(`The picture can't be saved: ${reasonOf(error)}`);
    }
  };
  return (
    <details
      class={`save-menu ${NOT_SAVED}`}
      ref={menu}
      data-testid={`save-${name}`}
      onMouseLeave={close}
    >
      <summary aria-label={`Save ${words(name)}`} title="Save this card">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2v8M4.5 7L8 10.5 11.5 7M3 13.5h10" />
        </svg>
      </summary>
      <div class="save-items">
        {PICTURES.map(({ format, save }) => (
          <button
            type="button"
            key={format}
            data-testid={`save-${format}`}
            onClick={() => savePicture(format, save)}
          >
            {format.toUpperCase()}
          </button>
        ))}
        {data.map((one) => (
          <span key={one.label}>
            <span class="quiet">{one.label}</span>
            {(["csv", "npz"] as const).map((format) => (
              <a
                key={format}
                href={exportUrl(one, format)}
                download
                data-testid={`save-${format}`}
                onClick={close}
              >
                {format.toUpperCase()}
              </a>
            ))}
          </span>
        ))}
        {fault !== null && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
      </div>
    </details>
  );
}

function options(element: HTMLElement) {
  return {
    scale: SCALE,
    // What is rounded off on screen would be transparent.
    backgroundColor: getComputedStyle(element).backgroundColor,
    filter: (node: Node) => !(node instanceof Element && node.classList.contains(NOT_SAVED)),
  };
}

function download(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
