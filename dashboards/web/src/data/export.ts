import { askApi } from "./api.ts";
import { viewAddress, type ViewState } from "./view.ts";

/** Saves what a view answers as a CSV file, every digit of it. @throws ApiError */
export async function saveCsv(view: ViewState<object>): Promise<void> {
  const response = await askApi(viewAddress(view.name, view.parameters, "csv"));
  save(await response.blob(), `${view.name}.csv`);
}

const titleHeight = 40;
const margin = 16;

/** Saves the drawing in an element, under its title. @throws Error where there is none */
export async function savePng(element: HTMLElement | null, title: string): Promise<void> {
  const drawing = element?.querySelector<HTMLCanvasElement | SVGSVGElement>("canvas, svg.drawing");
  if (drawing === null || drawing === undefined) throw new Error("This panel has no drawing; save it as CSV");
  const { width, height } = drawing.getBoundingClientRect();
  const scale = Math.max(2, devicePixelRatio);
  const page = document.createElement("canvas");
  page.width = (width + 2 * margin) * scale;
  page.height = (height + titleHeight + margin) * scale;
  const context = page.getContext("2d");
  if (context === null) throw new Error("This browser cannot draw");
  const style = getComputedStyle(document.documentElement);
  context.scale(scale, scale);
  context.fillStyle = style.getPropertyValue("--paper");
  context.fillRect(0, 0, page.width, page.height);
  context.fillStyle = style.getPropertyValue("--ink");
  context.font = `600 14px ${style.getPropertyValue("--font")}`;
  context.fillText(title, margin, 26);
  const source = drawing instanceof SVGSVGElement ? await pictureOf(drawing) : drawing;
  context.drawImage(source, margin, titleHeight, width, height);
  const blob = await new Promise<Blob | null>((settle) => page.toBlob(settle));
  if (blob === null) throw new Error("The drawing is too large to save");
  save(blob, `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.png`);
}

/** An SVG as a picture: with its colours written into it, for style sheets do not reach there. */
async function pictureOf(drawing: SVGSVGElement): Promise<HTMLImageElement> {
  // A clone of the same element.
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [drawing, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  for (const [index, element] of (from ?? []).entries()) {
    const style = getComputedStyle(element);
    const target = to?.[index];
    for (const name of ["fill", "stroke", "stroke-width", "opacity", "font", "text-anchor"]) {
      target?.setAttribute(name, style.getPropertyValue(name));
    }
  }
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  await image.decode();
  URL.revokeObjectURL(image.src);
  return image;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by the next turn, and keeps the blob.
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
