// Moves one scroller (0: the window, else a pane) step by step, so that what loads late loads, waits for the pictures
// near the window and notes each post when it is first there. Ends at the end or at a bound; says why it stopped.
async ({ which, going, maxHeight, bound, picturesBound, nudge }) => {
  const started = performance.now();
  const left = () => Math.max(0, bound - (performance.now() - started));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const frame = () => Promise.race([new Promise((resolve) => requestAnimationFrame(resolve)), pause(100)]);
  const here = archiver.scroller(which);
  const step = Math.max(100, Math.floor(here.view() * 0.8));
  const away = going === "up" ? -step : step;
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

  if (nudge) {
    // At an end that has brought more before: some pages look again only when they are moved.
    const there = here.at();
    here.go(Math.max(0, there - away / 4));
    await frame();
    here.go(there);
  }
  let stopped = "end";
  for (;;) {
    await frame();
    const waiting = [...document.images].filter((image) => !image.complete && near(image));
    if (waiting.length && spent < picturesBound) {
      const since = performance.now();
      await Promise.race([Promise.all(waiting.map(arrive)), pause(Math.min(2000, left(), picturesBound - spent))]);
      spent += performance.now() - since;
    }
    archiver.harvest({ which, going });
    const before = here.at();
    if (going === "up" ? before < 1 : before + here.view() >= here.height() - 1) break;
    if (going === "up" ? here.height() - before >= maxHeight : before + here.view() >= maxHeight) {
      stopped = "height";
      break;
    }
    if (left() === 0) {
      stopped = "time";
      break;
    }
    archiver.moved = performance.now();
    here.go(Math.max(0, before + away));
    steps += 1;
    if (here.at() === before) {
      stopped = "stuck"; // the page holds it where it is
      break;
    }
  }
  return { stopped, steps, at: here.at(), height: here.height(), seen: here.at() + here.view() };
}
