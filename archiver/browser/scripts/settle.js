// Waits until the document has loaded, its fonts are there, the pictures in view are decoded and nothing is being added.
// Resolves with what it saw; never waits longer than `bound` milliseconds. Changes nothing on the page.
async ({ bound, quiet, fading }) => {
  const started = performance.now();
  const left = () => Math.max(0, bound - (performance.now() - started));
  const within = (promise, ms) => Promise.race([promise, new Promise((resolve) => setTimeout(() => resolve("late"), ms))]);
  const frame = () => within(new Promise((resolve) => requestAnimationFrame(resolve)), 100);
  const late = [];

  let changed = performance.now();
  let drawn = 0; // frames since anything changed
  const change = () => {
    changed = performance.now();
    drawn = 0;
  };
  const watcher = new MutationObserver(change);
  watcher.observe(document, {
    childList: true,
    characterData: true,
    subtree: true,
    attributeFilter: ["src", "srcset", "href", "hidden", "open", "aria-busy"],
  });

  // Looked at now and then as well: document.open() takes our listener away, and a load that the page calls off by
  // going to an address of another kind (tg:, mailto:) ends without its event.
  const loaded = new Promise((resolve) => addEventListener("load", () => resolve(), { once: true }));
  while (document.readyState !== "complete" && left() > 0) await within(loaded, Math.min(left(), 100));
  if (document.readyState !== "complete") late.push("load");
  if ((await within(document.fonts.ready, left())) === "late") late.push("fonts");

  const inView = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
  };
  const waitFor = (image) =>
    new Promise((resolve) => {
      image.addEventListener("load", resolve, { once: true });
      image.addEventListener("error", resolve, { once: true });
    });
  const pictures = () => [...document.images].filter((image) => !image.complete && inView(image));
  if ((await within(Promise.all(pictures().map(waitFor)), left())) === "late") late.push("pictures");

  let ended = false;
  const count = () => {
    drawn += 1;
    if (!ended) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  // A page without scripts can't add anything by itself.
  const patience = document.scripts.length ? quiet : 0;
  while (performance.now() - changed < patience) {
    if (left() === 0) {
      late.push("additions");
      break;
    }
    await within(new Promise(() => {}), Math.min(left(), patience - (performance.now() - changed)));
  }
  // What fades or slides in is waited for; what moves for ever is not.
  const ends = (moving) => moving.effect?.getComputedTiming().endTime ?? Infinity;
  const moving = document.getAnimations().filter((one) => one.playState === "running" && ends(one) <= fading);
  if (moving.length) {
    await within(Promise.allSettled(moving.map((one) => one.finished)), Math.min(left(), fading));
    drawn = 0;
  }
  // Two frames let what has come be painted; where none are drawn, that is not waited for.
  if (drawn < 2) await frame();
  if (drawn < 2) await frame();
  ended = true;
  watcher.disconnect();
  return { late, ms: Math.round(performance.now() - started) };
}
