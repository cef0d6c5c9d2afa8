// Finds a consent banner in this document and its way to refuse. `deed`: "find" says what is there; "refuse" and
// "settings" click that control, once; "gone" waits until the banner has left the screen. Never accepts, sends no keys,
// hides nothing. `held`: this document is a frame that stands before the page, so that all of it may be the banner.
async ({ deed, words, held, framed, bound }) => {
  const BUTTONS = "button,[role=button],a,input[type=button],[onclick],[tabindex]";
  const state = (archiver.consent ??= {});
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[’‘`´]/g, "'").replace(/[^\p{L}\p{M}\p{N}'€£$]+/gu, " ").trim();
  const shown = (element) => {
    if (!element.isConnected || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  const textOf = (element) => archiver.textOf(element);
  const deepest = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const stands = (element) => /fixed|sticky/.test(getComputedStyle(element).position) || element.matches("dialog,[role=dialog],[role=alertdialog],[aria-modal=true]");
  const named = (element) => /cookie|consent|gdpr|onetrust|didomi|usercentrics|cmp\b|privacy-?(notice|banner)/i.test(`${element.id} ${element.getAttribute("class") ?? ""}`);

  // A banner: it stands before the page or is named so, is short, speaks of consent, has buttons, and holds no post.
  const isBanner = (element) => {
    if (element === document.body || element === document.documentElement || !shown(element)) return false;
    if (element.matches("article,[role=article],main") || archiver.all(element, "article,[role=article],main,textarea").length) return false;
    if (archiver.parentOf(element) && closest(element, "article,[role=article],nav")) return false;
    const text = textOf(element).toLowerCase();
    return text.length < 8000 && words.about.some((word) => text.includes(word)) && archiver.all(element, BUTTONS).some(shown);
  };
  const closest = (element, selector) => {
    for (let at = element; at; at = archiver.parentOf(at)) if (at.matches(selector)) return at;
    return null;
  };
  const findRegion = () => {
    if (framed) {
      const text = textOf(document.body).toLowerCase();
      const tcf = document.querySelector(words.buttons);
      const speaks = words.about.some((word) => text.includes(word));
      return document.body && text.length < 12000 && (tcf || (held && speaks)) && !document.querySelector("article,[role=article]") ? document.body : null;
    }
    const tried = new Set();
    for (const y of [0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98])
      for (const x of [0.04, 0.27, 0.5, 0.73, 0.96]) {
        let best = null;
        for (let at = deepest(x * innerWidth, y * innerHeight); at; at = archiver.parentOf(at)) {
          if (tried.has(at)) break;
          tried.add(at);
          if ((stands(at) || named(at)) && isBanner(at)) best = at;
        }
        if (best) return best;
      }
    return null;
  };

  const has = (text, word) => (/^[\p{Script=Latin}\p{P}\s]+$/u.test(word) ? ` ${text} `.includes(` ${word} `) : text.includes(word));
  const said = (control) => plain(control.getAttribute("aria-label") || textOf(control) || control.value || control.title || "");
  const leaves = (control) => {
    const link = closest(control, "a[href]");
    return link && !/^(#|javascript:)/.test(link.getAttribute("href").trim());
  };
  const usable = (control) => shown(control) && !control.disabled && control.getAttribute("aria-disabled") !== "true" && !leaves(control);
  const wants = (text) => words.never.some((word) => (/^[€£$]$/.test(word) ? text.includes(word) : ` ${text}`.includes(` ${word}`) || (/[^\p{Script=Latin}\s]/u.test(word) && text.includes(word))));
  const pick = (controls, phrases) => {
    let best = null;
    for (const control of controls) {
      const text = said(control);
      if (!text || text.length > 70 || wants(text)) continue;
      const worth = Math.max(0, ...phrases.filter((phrase) => has(text, phrase)).map((phrase) => phrase.length / text.length));
      if (worth > (best?.worth ?? 0.25)) best = { control, worth };
    }
    return best?.control ?? null;
  };
  const control = (region, what) => {
    const controls = archiver.all(region, BUTTONS).filter(usable);
    if (what === "settings") return pick(controls, words.settings);
    const known = [...document.querySelectorAll(words.buttons), ...archiver.all(region, words.buttons)].filter(usable);
    return known.find((one) => !wants(said(one))) ?? pick(controls, words.refuse);
  };
  const path = (element) => {
    const parts = [];
    for (let at = element; at && parts.length < 4; at = archiver.parentOf(at)) {
      if (at.id) return [`#${CSS.escape(at.id)}`, ...parts].join(" > ");
      const same = [...(at.parentNode?.children ?? [])].filter((one) => one.localName === at.localName);
      parts.unshift(at.localName + (same.length > 1 ? `:nth-of-type(${same.indexOf(at) + 1})` : ""));
    }
    return parts.join(" > ");
  };
  const covers = (region) => {
    let hits = 0;
    for (let n = 0; n < 100; n++) {
      const hit = deepest(((n % 10) + 0.5) * 0.1 * innerWidth, (Math.floor(n / 10) + 0.5) * 0.1 * innerHeight);
      if (hit && archiver.holds(region, hit)) hits += 1;
    }
    return hits;
  };

  if (deed === "gone") {
    const started = performance.now();
    while (state.region && shown(state.region) && performance.now() - started < bound) await new Promise((resolve) => setTimeout(resolve, 30));
    return { gone: !state.region || !shown(state.region), covers: state.region && shown(state.region) ? covers(state.region) : 0 };
  }
  const region = (state.region = findRegion());
  if (!region) return null;
  const refuse = control(region, "refuse");
  const settings = refuse ? null : control(region, "settings");
  const chosen = deed === "settings" ? settings : deed === "refuse" ? refuse : null;
  if (chosen) chosen.click();
  const of = chosen ?? region;
  return { refuse: !!refuse, settings: !!settings, clicked: !!chosen, target: path(of), text: chosen ? said(chosen).slice(0, 80) : "", covers: covers(region) };
}
