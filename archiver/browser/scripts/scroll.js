// Moves one scroller (0: the window, else a pane) step by step, so that what loads late loads, waits for the pictures
// near the window and notes each post when it is first there. Ends at the end or at a bound; says why it stopped.
async ({ which, going, maxHeight, bound, picturesBound, nudge }) => {
  const ROOM = 24; // CSS pixels: as tall as a picture's words, or as nothing
  const started = performance.now();
  const left = () => Math.max(0, bound - (performance.now() - started));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const frame = () => Promise.race([new Promise((resolve) => requestAnimationFrame(resolve)), pause(100)]);
  const here = archiver.scroller(which);
  const step = Math.max(100, Math.floor(here.view() * 0.8));
  const away = going === "up" ? -step : step;
  let spent = 0; // milliseconds waited for pictures
  let steps = 0;

  // A picture near the window that has no room yet moves the page when it comes: it is waited for where it is met. The
  // others are asked for meanwhile, and waited for at the end, all at once (40 of them: 0.9 s in place of 1.5).
  const moves = (box) => box.width > 0 && box.height < ROOM && box.bottom > -innerHeight && box.top < 2 * innerHeight;
  const across = (box) => box.width > 0 && box.right > 0 && box.left < innerWidth;
  const isAtEnd = () => (going === "up" ? here.at() < 1 : here.at() + here.view() >= here.height() - 1);
  const late = () => {
    const waited = isAtEnd() ? across : moves;
    return [...document.images].filter((image) => !image.complete && waited(image.getBoundingClientRect()));
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
    const waiting = late();
    if (waiting.length && spent < picturesBound) {
      const since = performance.now();
      await Promise.race([Promise.all(waiting.map(arrive)), pause(Math.min(2000, left(), picturesBound - spent))]);
      spent += performance.now() - since;
    }
    archiver.harvest({ which, going });
    const before = here.at();
    if (isAtEnd()) break;
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
