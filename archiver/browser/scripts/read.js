// Reads the document as it stands: its markup with open shadow roots, its visible text, how its pictures came.
// Changes nothing. Where a frame hangs in the page, the markup has a gap: `gaps[i]` names the frame that belongs
// between `html[i]` and `html[i + 1]`.
({ htmlLimit, textLimit }) => {
  const VOID = new Set("area base br col embed hr img input link meta source track wbr basefont bgsound frame keygen param".split(" "));
  const RAW = new Set("style script xmp iframe noembed noframes plaintext noscript".split(" "));
  const HTML = "http://www.w3.org/1999/xhtml";
  const frames = globalThis[Symbol.for("archiver.frames")] ?? new Map(); // frame's element -> its number

  const escape = (text) => text.replace(/[&\u00a0<>]/g, (c) => ({ "&": "&amp;", "\u00a0": "&nbsp;", "<": "&lt;", ">": "&gt;" })[c]);
  const escapeValue = (text) => escape(text).replace(/"/g, "&quot;");

  const parts = [];
  const gaps = [];
  let pieces = [];
  let size = 0;
  let cut = false;
  let hosts = 0;
  const put = (text) => {
    pieces.push(text);
    size += text.length;
  };
  const gap = (number) => {
    parts.push(pieces.join("").toWellFormed());
    pieces = [];
    gaps.push(number);
  };

  const openTag = (element, name) => {
    let tag = "<" + name;
    for (const { name: key, value } of element.attributes) tag += ` ${key}="${escapeValue(value)}"`;
    return tag + ">";
  };

  const serialize = (root) => {
    const work = [root]; // nodes to write, strings to write, and numbers for gaps; the last comes first
    while (work.length) {
      if (size > htmlLimit) {
        cut = true;
        return;
      }
      const node = work.pop();
      if (typeof node === "string") put(node);
      else if (typeof node === "number") gap(node);
      else if (node.nodeType === 3) {
        const parent = node.parentNode;
        put(parent?.namespaceURI === HTML && RAW.has(parent.localName) ? node.data : escape(node.data));
      } else if (node.nodeType === 8) put(`<!--${node.data}-->`);
      else if (node.nodeType === 10) put(`<!DOCTYPE ${node.name}${node.publicId ? ` PUBLIC "${node.publicId}"` : ""}${node.systemId ? `${node.publicId ? "" : " SYSTEM"} "${node.systemId}"` : ""}>`);
      else if (node.nodeType === 7) put(`<?${node.target} ${node.data}>`);
      else if (node.nodeType === 1) {
        const isHtml = node.namespaceURI === HTML;
        const name = isHtml ? node.localName : node.tagName;
        put(openTag(node, name));
        if (frames.has(node)) work.push(frames.get(node));
        if (isHtml && VOID.has(name)) continue;
        work.push(`</${name}>`);
        const children = name === "template" && node.content ? node.content.childNodes : node.childNodes;
        for (let i = children.length - 1; i >= 0; i--) work.push(children[i]);
        if (isHtml && (name === "pre" || name === "textarea" || name === "listing") && node.firstChild?.data?.startsWith("\n")) work.push("\n");
        if (node.shadowRoot) {
          hosts += 1;
          const inside = node.shadowRoot.childNodes;
          work.push("</template>");
          for (let i = inside.length - 1; i >= 0; i--) work.push(inside[i]);
          work.push(`<template shadowrootmode="open">`);
        }
      } else if (node.nodeType === 9 || node.nodeType === 11) {
        for (let i = node.childNodes.length - 1; i >= 0; i--) work.push(node.childNodes[i]);
      }
    }
  };

  const isPage = document.documentElement?.namespaceURI === HTML;
  if (isPage) serialize(document);
  else put(new XMLSerializer().serializeToString(document).slice(0, htmlLimit));
  parts.push(pieces.join("").toWellFormed());

  // Visible text. `innerText` is exact but does not look into shadow roots; where there are some, the flat tree is walked.
  const flatText = (top) => {
    const out = [];
    const visit = (node, keep) => {
      if (node.nodeType === 3) {
        out.push(keep ? node.data : node.data.replace(/[ \t\n\r\f]+/g, " "));
        return;
      }
      if (node.nodeType !== 1 && node.nodeType !== 11) return;
      let block = false;
      let hidden = false;
      if (node.nodeType === 1) {
        if (node.localName === "br") return void out.push("\n");
        const style = getComputedStyle(node);
        if (style.display === "none") return;
        block = !/^(inline|contents|ruby)/.test(style.display);
        hidden = !node.checkVisibility({ visibilityProperty: true }) && style.display !== "contents";
        keep = /^(pre|break-spaces)/.test(style.whiteSpace);
      }
      const assigned = node.localName === "slot" ? node.assignedNodes() : [];
      const children = node.shadowRoot ? node.shadowRoot.childNodes : assigned.length ? assigned : node.childNodes;
      if (block) out.push("\n");
      for (const child of children) if (!(hidden && child.nodeType === 3)) visit(child, keep);
      if (block) out.push("\n");
    };
    visit(top, false);
    return out.join("").replace(/ *\n */g, "\n").replace(/\n{3,}/g, "\n\n").replace(/ {2,}/g, " ").trim();
  };
  const body = document.body ?? document.documentElement;
  let text = (hosts ? flatText(body) : (body?.innerText ?? body?.textContent)) ?? "";
  const textCut = text.length > textLimit;
  if (textCut) text = text.slice(0, textLimit);

  return { html: parts, gaps, cut, text: text.toWellFormed(), textCut, title: document.title.toWellFormed(), url: document.URL };
}
