// Waits until a scroller that has grown before grows again, at most `bound` milliseconds. Says whether it did.
({ which, height, bound }) =>
  new Promise((resolve) => {
    const here = archiver.scroller(which);
    const started = performance.now();
    const look = () => {
      if (here.height() > height) resolve(true);
      else if (performance.now() - started > bound) resolve(false);
      else setTimeout(look, 20);
    };
    look();
  })
