// What feed.js leaves to pictures: how far the page goes to the right, what stands over its posts, where a picture may
// end. Changes nothing.
() => {
  if (archiver.gap) return;
  const { holds, parentOf, posts } = archiver;
  const EDGE = 200; // CSS pixels that a picture may end earlier, so that it cuts through nothing
  const BESIDE = 20; // CSS pixels: less than this beside the window is a slip of the page's
  const ACROSS = 12; // CSS pixels from one look to the next along a picture's edge: a letter or two

  // CSS pixels of the page beside the window that a person can scroll to, where anything is shown there.
  const right = () => {
    const held = [document.documentElement, document.body].some((root) => root && /hidden|clip/.test(getComputedStyle(root).overflowX));
    const wide = held ? 0 : archiver.page().scrollWidth - archiver.page().clientWidth;
    const shows = (one) => /^(img|video|canvas|svg)$/.test(one.localName) || [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const beside = (one) => {
      const box = one.getBoundingClientRect();
      return box.width > 4 && box.height > 4 && (box.right > innerWidth + BESIDE || box.left < -BESIDE);
    };
    const visible = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    return wide > BESIDE && archiver.all(document).some((one) => shows(one) && beside(one) && visible(one)) ? wide : 0;
  };

  // How many posts of the window stand under something fixed before the page that can be put aside.
  const covered = (bottom) => {
    const fixedOver = (hit, post) => {
      for (let at = hit; at && !holds(at, post); at = parentOf(at)) if (getComputedStyle(at).position === "fixed") return !archiver.panes().some((pane) => holds(at, pane));
      return false;
    };
    return posts(0).filter((post) => {
      const box = post.getBoundingClientRect();
      const middle = (Math.max(box.top, 0) + Math.min(box.bottom, bottom)) / 2;
      if (box.top >= bottom || box.bottom <= 0) return false;
      return fixedOver(document.elementFromPoint((Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2, middle), post);
    }).length;
  };

  // Where a picture can end above `bottom` without cutting through a line of words or a small picture: half a line is
  // in neither of two pictures. Looked for from what stands at the edge; where columns leave no gap it is `bottom`.
  const gap = ({ left, right, bottom }) => {
    const range = document.createRange();
    const hit = (x, y) => {
      let found = document.elementFromPoint(x, y);
      for (let inner; found?.shadowRoot && (inner = found.shadowRoot.elementFromPoint(x, y)) && inner !== found; ) found = inner;
      return found;
    };
    const boxes = (element) => {
      if (/^(img|video|canvas|svg)$/.test(element.localName)) return [element.getBoundingClientRect()];
      return [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim()).flatMap((node) => (range.selectNodeContents(node), [...range.getClientRects()]));
    };
    let y = Math.floor(bottom);
    for (let tries = 0; tries < EDGE; tries++) {
      const at = new Set();
      for (let x = Math.max(0, left) + 1; x < Math.min(right, innerWidth); x += ACROSS) for (const near of [y - 1, y]) at.add(hit(x, near));
      const crossed = [...at].filter(Boolean).flatMap(boxes).filter((box) => box.top < y - 0.5 && box.bottom > y + 0.5 && box.height < EDGE);
      if (!crossed.length) return y;
      y = Math.floor(Math.min(...crossed.map((box) => box.top)));
      if (bottom - y > EDGE) break;
    }
    return bottom;
  };

  Object.assign(archiver, { right, covered, gap });
}
