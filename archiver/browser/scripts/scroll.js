// Scrolls the window down step by step, so that what loads late loads, and waits for the pictures near the window.
// Ends at the bottom or at a bound; says where it is and why it stopped.
async ({ maxHeight, bound, picturesBound }) => {
  const started = performance.now();
  const left = () => Math.max(0, bound - (performance.now() - started));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const frame = () => Promise.race([new Promise((resolve) => requestAnimationFrame(resolve)), pause(100)]);
  const page = document.scrollingElement ?? document.documentElement;
  const step = Math.max(100, Math.floor(innerHeight * 0.8));
  let spent = 0; // milliseconds waited for pictures
  let steps = 0;

  const near = (image) => {
    const box = image.getBoundingClientRect();
    return box.bottom > -innerHeight && box.top < 2 * innerHeight && box.width > 0;
  };
  const arrive = (image) =>
    new Promise((resolve) => {
      image.addEventListener("load", resolve, { once: true });
      image.addEventListener("error", resolve, { once: true });
    });

  let stopped = "end";
  for (;;) {
    await frame();
    const waiting = [...document.images].filter((image) => !image.complete && near(image));
    if (waiting.length && spent < picturesBound) {
      const since = performance.now();
      await Promise.race([Promise.all(waiting.map(arrive)), pause(Math.min(2000, left(), picturesBound - spent))]);
      spent += performance.now() - since;
    }
    const before = scrollY;
    if (before + innerHeight >= page.scrollHeight - 1) break;
    if (before + innerHeight >= maxHeight) {
      stopped = "height";
      break;
    }
    if (left() === 0) {
      stopped = "time";
      break;
    }
    scrollTo({ top: before + step, behavior: "instant" });
    steps += 1;
    if (scrollY <= before) {
      stopped = "stuck"; // the page holds the window where it is
      break;
    }
  }
  return { stopped, steps, top: scrollY, height: page.scrollHeight, seen: scrollY + innerHeight };
}
