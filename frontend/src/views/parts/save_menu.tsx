/** What can be saved of a card: a picture of it, and the numbers that it shows. */

import { domToPng, domToSvg } from "modern-screenshot";
import { useRef, useState } from "preact/hooks";
import { reasonOf } from "../../api/answer";
import { type Export, exportUrl, FORMATS } from "../../api/export";
import { RunName } from "./run_name";

/** How many pixels of the picture a pixel of the screen becomes, so that it is sharp in print. */
const SCALE = 2;
/** The class of what has no place in a picture. */
const NOT_SAVED = "not-saved";
/** What has no place in the name of a file. */
const UNSAFE = /[^\p{L}\p{N}.-]+/gu;

type Format = "png" | "svg";

const PICTURES: readonly { format: Format; save: (element: HTMLElement) => Promise<string> }[] = [
  { format: "png", save: (element) => domToPng(element, options(element)) },
  { format: "svg", save: (element) => domToSvg(element, options(element)) },
];

interface Properties {
  /** What tests find it by. */
  name: string;
  /** What is saved, as the file is called. */
  title: string;
  /** The numbers behind the card: asked for once the menu is open. */
  data?: (() => readonly Export[]) | undefined;
}

export function SaveMenu({ name, title, data }: Properties) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const close = () => menu.current?.removeAttribute("open");
  const savePicture = async ({ format, save }: (typeof PICTURES)[number]) => {
    const card = menu.current?.closest<HTMLElement>(".card");
    close();
    try {
      if (card) {
        download(await save(card), `${title.replaceAll(UNSAFE, "_")}.${format}`);
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
      onToggle={(event) => setOpen(event.currentTarget.open)}
      onMouseLeave={close}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !menu.current?.contains(relatedTarget)) {
          close();
        }
      }}
      onKeyDown={(event) => {
        if (isOpen && event.key === "Escape") {
          event.stopPropagation();
          close();
          menu.current?.querySelector("summary")?.focus();
        }
      }}
    >
      <summary aria-label={`Save: ${title}`} title="Save this card">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2v8M4.5 7L8 10.5 11.5 7M3 13.5h10" />
        </svg>
      </summary>
      {isOpen && (
        <div class="save-items">
          <span>
            <span class="quiet">picture</span>
            {PICTURES.map((picture) => (
              <button
                type="button"
                key={picture.format}
                class="link"
                data-testid={`save-${picture.format}`}
                onClick={() => savePicture(picture)}
              >
                {picture.format.toUpperCase()}
              </button>
            ))}
          </span>
          {data && <Numbers all={data()} />}
        </div>
      )}
      {fault !== null && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </details>
  );
}

/** A line a file; runs are named where there are several. */
function Numbers({ all }: { all: readonly Export[] }) {
  const areSeveral = new Set(all.map(({ run }) => run)).size > 1;
  return (
    <>
      {all.map((one) => (
        <span key={exportUrl(one, "csv")} data-testid="save-data" data-run={one.run}>
          <span class="quiet">
            {one.label} {areSeveral && <RunName run={one.run} />}
          </span>
          {FORMATS.map((format) => (
            <a key={format} href={exportUrl(one, format)} download data-testid={`save-${format}`}>
              {format.toUpperCase()}
            </a>
          ))}
        </span>
      ))}
    </>
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
