// What the other scripts know of a feed, in our own world of the page: what scrolls, what a post is, which were met.
// Changes nothing. A post is an `article` or [role=article]; where a place has none, an item of its list, feed or log;
// else one of at least four siblings alike, stacked, that fill much of what is seen of it.
() => {
  if (Object.hasOwn(globalThis, "archiver")) return; // a page's element of that name is no property of its own
  const FEW = 50; // px: less than this hidden is no scrolling to speak of
  const HELD = 200; // px hidden in a box that nobody can scroll: less is a shadow or a margin
  const LOOKED = 2000; // elements of such a box that are asked whether they say something
  const PANES = 4; // inner panes that are followed: servers, channels, messages and members
  const SAME_START = 40; // characters: a text that begins alike on the same element has grown, else it is another post
  const ID_NAME = /^data-(.*-)?(id|key|urn|uri|index|cursor)$/;
  const ID_VALUE = /(post|comment|message|msg|status|tweet|item|reply)\D{0,3}\w*\d/i;
  const records = []; // in the order of the page
  const byKey = new Map();
  const ofElement = new WeakMap();
  let panes = [];
  let room = Infinity; // characters of markup that may still be kept
  let cut = 0;
  const lookedAt = new WeakMap(); // element of a post -> the look at which it was last there
  const changedAt = new WeakMap(); // element -> the last look before its content was changed or it was taken away
  const styledAt = new WeakMap(); // element -> the last look before its own style was changed
  let turn = 0; // how often the posts were looked at
  let changed = -Infinity; // when something was said beside the posts, as performance.now() tells

  const page = () => document.scrollingElement ?? document.documentElement;
  const parentOf = (node) => node.parentElement ?? node.getRootNode().host ?? null;
  const holds = (outer, node) => {
    for (let at = node; at; at = parentOf(at)) if (at === outer) return true;
    return false;
  };
  const all = (root, selector = "*", found = []) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches(selector)) found.push(element);
      if (element.shadowRoot) all(element.shadowRoot, selector, found);
    }
    return found;
  };

  // An element may be used again for another post that says the same; one that nobody touched is the same post,
  // wherever it stands now.
  new MutationObserver((changes) => {
    for (const { type, target, removedNodes } of changes) {
      if (type === "attributes") {
        styledAt.set(target, turn);
        continue;
      }
      let post = null;
      for (let at = target; at; at = parentOf(at)) if (ofElement.has(at)) changedAt.set((post = at), turn);
      if (!post && (target.nodeType === 3 || target.childElementCount < 3)) changed = performance.now(); // not a list
      for (const node of removedNodes) changedAt.set(node, turn);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["style"] });
  const beside = (found, one) => [found[found.indexOf(one) - 1], found[found.indexOf(one) + 1]].filter(Boolean).map(({ element }) => element);
  const untouched = (element, others) => {
    const look = lookedAt.get(element);
    if (look === undefined || element.shadowRoot || element.getRootNode() !== document) return false; // not seen from here
    let alone = true; // whether what we look at holds this post only
    for (let at = element; at; at = at.parentElement) {
      alone &&= at === element || !others.some((other) => other !== element && at.contains(other));
      if (changedAt.get(at) >= look || (alone && styledAt.get(at) >= look)) return false;
    }
    return true;
  };

  const below = (element, box) => {
    const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return all(element).slice(0, LOOKED).some((one) => says(one) && one.getBoundingClientRect().top > box.bottom && one.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  };
  const findPanes = () => {
    const found = [];
    for (const element of all(document)) {
      const hidden = element.scrollHeight - element.clientHeight;
      if (hidden < FEW || element === page() || element === document.documentElement || element.localName === "textarea") continue;
      // What a body says of its overflow is the window's, but where the root element has its own.
      if (element === document.body && getComputedStyle(document.documentElement).overflowY === "visible") continue;
      const { overflowY } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      // A large box that only the page's own scripts move, by a wheel or a swipe, can be moved by ours as well.
      const held = overflowY === "hidden" && hidden > HELD && box.width * box.height > 0.5 * innerWidth * innerHeight && below(element, box);
      if (!/auto|scroll|overlay/.test(overflowY) && !held) continue;
      if (box.width * box.height < 0.15 * innerWidth * innerHeight || box.right <= 0) continue;
      found.push({ element, worth: hidden * element.clientWidth });
    }
    found.sort((a, b) => b.worth - a.worth);
    panes = found.map(({ element }) => element).filter((one, n, all) => !all.slice(0, n).some((other) => holds(other, one)));
    const left = panes.length - PANES;
    panes = panes.slice(0, PANES);
    return { panes: panes.length, left: Math.max(0, left) };
  };

  // A scroller: number 0 is the window, the others are panes. Positions count from the upper end, also where a pane
  // counts backwards from its foot (column-reverse).
  const scroller = (which) => {
    const element = which ? panes[which - 1] : page();
    const view = () => (which ? element.clientHeight : innerHeight);
    const least = () => (which && getComputedStyle(element).flexDirection === "column-reverse" ? element.clientHeight - element.scrollHeight : 0);
    const box = () => {
      if (!which) return { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
      const { left, top } = element.getBoundingClientRect();
      const x = left + element.clientLeft;
      const y = top + element.clientTop;
      return { left: x, top: y, right: x + element.clientWidth, bottom: y + element.clientHeight };
    };
    return {
      element, view, box,
      height: () => Math.ceil(which ? element.scrollHeight : Math.max(page().scrollHeight, innerHeight)),
      at: () => (which ? element.scrollTop - least() : scrollY),
      go: (top) => (which ? element : window).scrollTo({ top: top + least(), behavior: "instant" }),
    };
  };

  // -- posts ----------------------------------------------------------------------------------------------------------

  const LIST = "[role=listitem],[role=feed]>*,[role=log]>*,[role=list]>*";
  const kinds = new Map(); // scope -> what counts there
  const textOf = (element) => {
    if (!all(element).some((one) => one.shadowRoot) && !element.shadowRoot) return (element.innerText ?? "").trim();
    const walk = (node) => {
      if (node.nodeType === 3) return node.data;
      if (node.nodeType !== 1 && node.nodeType !== 11) return "";
      if (/^(script|style|template|noscript)$/.test(node.localName ?? "")) return "";
      const inside = node.shadowRoot ? node.shadowRoot.childNodes : node.assignedNodes?.().length ? node.assignedNodes() : node.childNodes;
      const words = [...inside].map(walk).join("");
      return node.nodeType === 1 && !/^inline|contents/.test(getComputedStyle(node).display) ? `\n${words}\n` : words;
    };
    return walk(element).replace(/[ \t]*\n\s*/g, "\n").trim();
  };
  // What `content-visibility` leaves out while it is far from the window has no words yet: it is met when it has.
  const leftOut = (element) => element.checkVisibility() && !element.checkVisibility({ contentVisibilityAuto: true });
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    if (leftOut(element) || (element.firstElementChild && leftOut(element.firstElementChild))) return false;
    return box.height > 4 && box.width > 40 && (element.textContent.trim() || element.shadowRoot || element.querySelector("img,video"));
  };
  const alike = (scope, view) => {
    const groups = new Map();
    for (const element of all(scope, "div,section,li,tr,dd")) {
      const parent = element.parentNode;
      if (!groups.has(parent)) groups.set(parent, new Map());
      const looks = `${element.localName} ${element.getAttribute("role") ?? ""} ${element.classList[0] ?? ""}`;
      const group = groups.get(parent);
      if (!group.has(looks)) group.set(looks, []);
      group.get(looks).push(element);
    }
    let best = null;
    for (const [parent, group] of groups)
      for (const [looks, elements] of group) {
        if (elements.length < 4) continue;
        const seen = elements.map((one) => one.getBoundingClientRect()).filter((box) => box.bottom > view.top && box.top < view.bottom && box.width > 40);
        const stacked = seen.length && new Set(seen.map((box) => Math.round(box.top))).size > seen.length * 0.7;
        const area = seen.reduce((sum, box) => sum + box.width * (Math.min(box.bottom, view.bottom) - Math.max(box.top, view.top)), 0);
        const enough = area > 0.25 * (view.right - view.left) * Math.min(view.bottom - view.top, 4000);
        if (stacked && enough && elements.filter(visible).length >= 4 && (!best || seen.length > best.count)) best = { parent, looks, count: seen.length };
      }
    return best;
  };
  const elementsOf = (scope, kind) => {
    if (typeof kind === "string") return all(scope, kind);
    return [...kind.parent.children].filter((one) => `${one.localName} ${one.getAttribute("role") ?? ""} ${one.classList[0] ?? ""}` === kind.looks);
  };
  const posts = (which) => {
    const scope = which ? panes[which - 1] : document;
    const shown = (element) => visible(element) && (which > 0 || !panes.some((pane) => holds(pane, element)));
    const known = kinds.get(scope);
    if (known) {
      const found = elementsOf(scope, known).filter(shown);
      if (found.length) return found;
    }
    const articles = all(scope, "article,[role=article]").filter(shown);
    if (articles.length) return kinds.set(scope, "article,[role=article]"), articles;
    const items = all(scope, LIST).filter(shown);
    if (items.length >= 3) return kinds.set(scope, LIST), items;
    const kind = which || page().scrollHeight > innerHeight + FEW ? alike(scope, scroller(which).box()) : null;
    if (!kind) return [];
    kinds.set(scope, kind);
    return elementsOf(scope, kind).filter(shown);
  };

  const identity = (element) => {
    for (const { name, value } of element.attributes) {
      if (ID_NAME.test(name) || name === "aria-posinset") return `${name}=${value}`;
      if (name === "id" && ID_VALUE.test(value)) return `id=${value}`;
    }
    return element.querySelector("a[href]:has(time)")?.href ?? "";
  };
  const without = (element, inner) => {
    if (!inner.length) return element.outerHTML;
    const copy = element.cloneNode(true);
    for (const one of copy.querySelectorAll("article,[role=article]")) one.remove();
    return copy.outerHTML;
  };
  const markup = (element, inner) => {
    const html = element.getHTML && (element.shadowRoot || all(element).some((one) => one.shadowRoot));
    if (!html) return without(element, inner);
    const roots = [element, ...all(element)].map((one) => one.shadowRoot).filter(Boolean);
    const tag = element.cloneNode(false).outerHTML.replace(/<\/[^>]+>$/, "");
    return `${tag}${element.getHTML({ shadowRoots: roots })}</${element.localName}>`;
  };

  const grown = (old, text) => {
    const start = old.slice(0, SAME_START).replace(/(…|\.\.\.).*$/s, "");
    return start.length > 8 && text.startsWith(start);
  };

  // Look at the posts that are there now. `going` is "up", "down" or "" (pictures); `region` is what a picture shows.
  const harvest = ({ which = 0, going = "down", region = null }) => {
    const here = scroller(which);
    const found = posts(which).map((element) => ({ element, box: element.getBoundingClientRect() }));
    turn += 1;
    const start = here.at() - here.box().top;
    found.sort((a, b) => a.box.top - b.box.top);
    const set = new Set(found.map(({ element }) => element));
    const shifts = [];
    for (const one of found) {
      const nested = found.filter((other) => other !== one && one.element.contains(other.element)).map((other) => other.element);
      one.nested = nested;
      one.text = textOf(one.element);
      for (const inner of nested) one.text = one.text.replace(textOf(inner), "").trim();
      one.id = identity(one.element);
      one.pictures = [...one.element.querySelectorAll("img")].map((image) => image.alt || (one.text ? "" : image.currentSrc)).join(" ");
      one.key = `${one.id}|${one.id ? one.text.slice(0, SAME_START) : one.text}|${one.id ? "" : one.pictures}`;
      one.abs = one.box.top + start;
      one.untouched = untouched(one.element, beside(found, one));
      const known = ofElement.get(one.element);
      if (known && known.which === which && known.key === one.key) shifts.push(one.abs - known.abs);
    }
    shifts.sort((a, b) => a - b);
    const shift = shifts[shifts.length >> 1] ?? 0;
    if (Math.abs(shift) > 1) for (const record of records) if (record.which === which) record.abs += shift;

    const taken = new Set();
    let last = -1;
    const near = (record, one) => Math.abs(record.abs - one.abs) < 0.4 * here.view();
    const place = ({ key }) =>
      byKey.get(key)?.length === 1 && found.filter((other) => other.key === key).length === 1 ? records.indexOf(byKey.get(key)[0]) : -1;
    const recordOf = (one) => {
      const known = ofElement.get(one.element);
      if (one.untouched && known && known.which === which && known.key === one.key && !taken.has(known)) return known;
      const free = (byKey.get(one.key) ?? []).filter((record) => !taken.has(record));
      if (!taken.has(known) && known && known.id === one.id && known.key !== one.key && (one.id || near(known, one)) && grown(known.text, one.text)) return known;
      if (one.id) return free[0];
      if (going) return free.includes(known) && near(known, one) ? known : free.find((record) => near(record, one));
      // Posts that say the same are told apart by those around them.
      if (last >= 0) return free.find((record) => records.indexOf(record) > last) ?? free[0];
      const next = found.map((other) => place(other)).find((index) => index >= 0) ?? Infinity;
      return free.filter((record) => records.indexOf(record) < next).at(-1) ?? free[0];
    };
    const claim = (one) => {
      const record = recordOf(one);
      if (record) taken.add(record);
      return record;
    };
    if (going) for (const one of found) one.record = claim(one);
    const following = (from) => {
      if (!going) return found.map((other) => place(other)).find((index) => index >= 0);
      const next = found.find((other, n) => n > from && other.record);
      return next && records.indexOf(next.record);
    };
    for (const [n, one] of found.entries()) {
      let record = going ? one.record : recordOf(one);
      if (record) {
        if (one.text.length > record.text.length) Object.assign(record, { text: one.text, html: keepMarkup(one, record.html) });
        last = records.indexOf(record);
      } else {
        record = { which, id: one.id, key: one.key, text: one.text, html: keepMarkup(one, ""), covered: 0, height: one.box.height };
        record.box = { x: Math.round(one.box.left), y: Math.round(one.abs), width: Math.round(one.box.width), height: Math.round(one.box.height) };
        const next = last < 0 ? following(n) : undefined;
        last = last >= 0 ? last + 1 : (next ?? (going === "up" ? 0 : records.length));
        records.splice(last, 0, record);
      }
      if (!byKey.has(one.key)) byKey.set(one.key, []);
      if (!byKey.get(one.key).includes(record)) byKey.get(one.key).push(record);
      record.key = one.key;
      record.abs = one.abs;
      taken.add(record);
      ofElement.set(one.element, record);
      lookedAt.set(one.element, turn);
      if (region) cover(one, record, region);
    }
    return { met: records.length, here: found.length };
  };
  const keepMarkup = (one, old) => {
    const html = markup(one.element, one.nested);
    if (html.length - old.length > room) {
      cut += 1;
      return old;
    }
    room -= html.length - old.length;
    return html;
  };
  const cover = (one, record, region) => {
    if (record.region === region) return; // a pane's posts are the window's too
    record.region = region;
    let { top, bottom } = region;
    for (const pane of panes) {
      if (!holds(pane, one.element)) continue;
      const box = pane.getBoundingClientRect();
      top = Math.max(top, box.top);
      bottom = Math.min(bottom, box.bottom);
    }
    record.covered += Math.max(0, Math.min(one.box.bottom, bottom) - Math.max(one.box.top, top));
    record.height = one.box.height;
  };

  // After something on the page was opened: posts are the same elements as a moment ago, wherever they stand now and
  // whatever more they say; what is new is found.
  const again = () => {
    for (let which = 0; which <= panes.length; which++) {
      const here = scroller(which);
      const start = here.at() - here.box().top;
      const there = posts(which);
      for (const element of there) {
        const record = ofElement.get(element);
        if (!record || record.which !== which) continue;
        const nested = there.filter((other) => other !== element && element.contains(other));
        const one = { element, nested, text: textOf(element) };
        for (const inner of nested) one.text = one.text.replace(textOf(inner), "").trim();
        record.abs = element.getBoundingClientRect().top + start;
        if (one.text === record.text || identity(element) !== record.id) continue;
        Object.assign(record, { text: one.text, html: keepMarkup(one, record.html) });
        const pictures = [...element.querySelectorAll("img")].map((image) => image.alt || (one.text ? "" : image.currentSrc)).join(" ");
        record.key = `${record.id}|${record.id ? one.text.slice(0, SAME_START) : one.text}|${record.id ? "" : pictures}`;
        if (!byKey.has(record.key)) byKey.set(record.key, []);
        if (!byKey.get(record.key).includes(record)) byKey.get(record.key).push(record);
      }
      harvest({ which, going: "down" });
    }
  };

  // The place where a picture ends, held on to by the post that stands there: lists shift while they are moved.
  let held = null;
  const hold = (which, bottom) => {
    held = null;
    for (const element of posts(which)) {
      const box = element.getBoundingClientRect();
      if (box.top < bottom && box.bottom > bottom - 400 && ofElement.get(element)) held = { record: ofElement.get(element), past: bottom - box.top };
    }
  };
  const seam = (which) => {
    if (!held) return null;
    const element = posts(which).find((one) => ofElement.get(one) === held.record);
    return element ? element.getBoundingClientRect().top + held.past : null;
  };

  const told = () => ({
    cut,
    posts: records.map(({ id, text, html, box, covered, height, which }) => ({
      text: text.toWellFormed(), html: html.toWellFormed(), id, box, in: which ? "pane" : "window", pictured: covered >= height - 3,
    })),
  });
  globalThis.archiver = { all, holds, parentOf, findPanes, scroller, posts, harvest, again, hold, seam, told, textOf, limit: (chars) => (room = Math.min(room, chars)), panes: () => panes, page, changed: () => changed };
}
