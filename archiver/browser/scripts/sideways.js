// Boxes whose content goes on to the side: found ("find"), moved ("go") and put back ("back"). Those that a person can
// scroll are followed; of others (`slides`) it is counted how many pieces stand out of sight beside the one shown.
({ deed, most = 0, n = 0, left = 0 }) => {
  const FEW = 50; // CSS pixels: less than this hidden is no scrolling to speak of
  const LOOKED = 400; // elements of one box that are asked whether they show something
  const within = (element) => ["document", "html", "body"].includes(element.localName);
  const least = (element) => (getComputedStyle(element).direction === "rtl" ? element.clientWidth - element.scrollWidth : 0);
  const shows = (element) => /^(img|video|canvas|svg)$/.test(element.localName) || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const outside = (element, box) => {
    const own = element.getBoundingClientRect();
    return own.width > 4 && own.height > 4 && (own.left >= box.right - 4 || own.right <= box.left + 4);
  };
  const hides = (element) => {
    const box = element.getBoundingClientRect();
    return archiver.all(element).slice(0, LOOKED).some((one) => shows(one) && outside(one, box) && one.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  };
  // Pieces as wide as the box or nearly so, one beside the other.
  const slides = (element) => {
    const box = element.getBoundingClientRect();
    const rows = [element, ...element.children, ...[...element.children].flatMap((child) => [...child.children])];
    for (const row of rows.slice(0, LOOKED)) {
      const pieces = [...row.children].map((one) => ({ one, own: one.getBoundingClientRect() })).filter(({ own }) => own.width > 0.5 * box.width);
      const level = pieces.length > 1 && pieces.every(({ own }) => Math.abs(own.top - pieces[0].own.top) < 8);
      if (level) return pieces.filter(({ one }) => outside(one, box) && (shows(one) || archiver.all(one).some(shows))).length;
    }
    return 0;
  };

  if (deed === "find") {
    const found = [];
    let unseen = 0;
    for (const element of archiver.all(document)) {
      const hidden = element.scrollWidth - element.clientWidth;
      if (hidden < FEW || element.clientWidth < 100 || element.clientHeight < 20 || within(element) || element.localName === "textarea") continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { overflowX } = getComputedStyle(element);
      if (/auto|scroll|overlay/.test(overflowX)) hides(element) && found.push(element);
      else if (/hidden|clip/.test(overflowX)) unseen += slides(element);
    }
    archiver.sideways = found.slice(0, most).map((element) => ({ element, was: element.scrollLeft }));
    return { found: Math.min(found.length, most), left: Math.max(0, found.length - most), slides: unseen };
  }
  const { element, was } = archiver.sideways[n];
  const show = (to) => element.scrollTo({ left: to, behavior: "instant" });
  if (deed === "back") return show(was), null;
  if (!element.isConnected) return null;
  const box = element.getBoundingClientRect();
  if (box.top < 0 || box.bottom > innerHeight) element.scrollIntoView({ block: "nearest", behavior: "instant" });
  show(left + least(element));
  const { left: x, top: y } = element.getBoundingClientRect();
  const at = element.scrollLeft - least(element);
  const height = Math.min(element.clientHeight, innerHeight - (y + element.clientTop));
  return {
    x: x + element.clientLeft + scrollX, y: y + element.clientTop + scrollY, height, at, view: element.clientWidth,
    shown: Math.abs(element.scrollLeft - was) < 1, // by the page's own pictures
    ended: at + element.clientWidth >= element.scrollWidth - 1, width: element.scrollWidth,
  };
}
