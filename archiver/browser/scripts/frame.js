// Brings a scroller to a place for its next picture. Says where the last picture's end is now (`seam`, from the upper
// end of what the scroller shows), where it stands and how much there is. Moves it again where the list shifted.
({ which, top, first, last }) => {
  const here = archiver.scroller(which);
  if (!first) {
    here.go(top);
    for (let tries = 0; tries < 3; tries++) {
      const seam = archiver.seam(which);
      if (seam === null) break;
      const off = seam - here.box().top;
      const before = here.at();
      if (Math.abs(off) < 0.5) break;
      here.go(before + off);
      if (Math.abs(here.at() - before) < 0.5) break;
    }
  } else if (top !== null) here.go(top);
  const box = here.box();
  const seam = first ? box.top : (archiver.seam(which) ?? box.top + (top - here.at()));
  const ended = here.at() + here.view() >= here.height() - 1;
  const edge = Math.min(box.bottom, innerHeight);
  const gap = last && !ended ? archiver.gap({ ...box, bottom: edge }) : edge;
  const bottom = gap - seam > 0.5 * (edge - box.top) ? gap : edge;
  if (last) {
    const region = { top: seam, bottom };
    if (!which || !first) archiver.harvest({ which, going: "", region });
    if (!which) for (let n = 1; n <= archiver.panes().length; n++) archiver.harvest({ which: n, going: "", region });
    archiver.hold(which, bottom);
  }
  return {
    seam: seam - box.top, at: here.at(), height: here.height(), view: bottom - box.top, edge: edge - box.top,
    box: { x: box.left + scrollX, y: box.top + scrollY, width: box.right - box.left },
    covered: last && first && !which ? archiver.covered(bottom) : 0,
    ended,
  };
}
