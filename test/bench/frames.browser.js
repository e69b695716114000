// Runs in the browser, where bench pages are measured: times between frames in ms while something moves.

/**
 * @param {Element} element
 * @param {number} milliseconds
 * @param {(elapsed: number) => void} move
 * @returns {Promise<number[]>}
 */
const framesWhile = async (element, milliseconds, move) => {
  element.scrollIntoView({ block: "center" });
  const frames = [];
  const started = performance.now();
  let last = started;
  while (last - started < milliseconds) {
    move(last - started);
    const now = await new Promise((settle) => requestAnimationFrame(settle));
    frames.push(now - last);
    last = now;
  }
  // The first ones began before the movement.
  return frames.slice(2);
};

globalThis.benchFrames = {
  /** Goes closer and farther with every frame, as Ctrl and the wheel do. */
  zoom: (element, milliseconds) => {
    const canvas = element.querySelector("canvas");
    return framesWhile(element, milliseconds, (elapsed) => {
      const { left, top, width } = canvas.getBoundingClientRect();
      const at = { clientX: left + width * 0.37, clientY: top + 30, deltaY: Math.sin(elapsed / 400) * -40 };
      canvas.dispatchEvent(new WheelEvent("wheel", { ...at, ctrlKey: true, bubbles: true, cancelable: true }));
    });
  },
  /** Scrolls down and up. */
  scroll: (element, milliseconds) =>
    framesWhile(element, milliseconds, (elapsed) => (element.scrollTop += elapsed < milliseconds / 2 ? 70 : -70)),
};
