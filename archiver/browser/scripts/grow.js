// Waits at the end of a scroller until it grows. How long, in milliseconds, depends on what speaks for growth: `busy`
// where the page shows that it is loading, `changed` where it changed something when its end was reached, `grew` where
// it has grown before (given as 0 where it has not), `feed` where there is a list of posts, counted from its last
// movement. Says whether it grew.
({ which, height, busy, changed, grew, feed }) =>
  new Promise((resolve) => {
    const BEFORE = 1500; // milliseconds: some pages load when their end is near, and are moved on meanwhile
    const here = archiver.scroller(which);
    const started = performance.now();
    const inView = (element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && box.bottom > innerHeight / 2 && box.top < innerHeight && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    };
    const turns = () => document.getAnimations().some((one) => one.playState === "running" && one.effect?.getComputedTiming().endTime === Infinity && one.effect.target && inView(one.effect.target));
    const isBusy = () => archiver.all(document, "[aria-busy=true],[role=progressbar]:not([aria-valuenow]),progress:not([value])").some(inView) || turns();
    const isFeed = document.scripts.length && here.height() > 2 * here.view() && archiver.posts(which).length >= 5;
    const still = started - (archiver.moved ?? started); // since then
    const patience = Math.max(grew, isFeed ? feed - still : 0, archiver.changed() > archiver.moved - BEFORE ? changed : 0);
    const most = patience < busy && isBusy() ? busy : patience;
    const look = () => {
      if (here.height() > height) resolve(true);
      else if (performance.now() - started > most) resolve(false);
      else setTimeout(look, 20);
    };
    look();
  })
