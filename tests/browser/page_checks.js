// What every page is asked in the browser. Each check gives a list of complaints, as texts.
"use strict";

const TEXT_CONTRAST = 4.5, LARGE_TEXT_CONTRAST = 3, OUTLINE_CONTRAST = 3;

function describe(element) {
  const text = (element.innerText || element.textContent || "").trim().slice(0, 40);
  const name = element.id ? "#" + element.id : element.name ? `[name=${element.name}]` : "";
  return `<${element.tagName.toLowerCase()}${name}> ${text}`;
}

// ---- colours ----

function parse(colour) {
  const numbers = (colour.match(/[\d.]+/g) || []).map(Number);
  const scale = colour.startsWith("color(srgb") ? 255 : 1;
  return { rgb: numbers.slice(0, 3).map(n => n * scale), alpha: numbers.length > 3 ? numbers[3] : 1 };
}

function over(top, below) {
  return { rgb: top.rgb.map((n, i) => n * top.alpha + below.rgb[i] * (1 - top.alpha)), alpha: 1 };
}

function backgroundOf(element) {
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    if (colour.alpha > 0) layers.push(colour);
    if (colour.alpha === 1) break;
  }
  return layers.reverse().reduce((below, top) => over(top, below), { rgb: [255, 255, 255], alpha: 1 });
}

function luminance({ rgb }) {
  const [r, g, b] = rgb.map(n => n / 255).map(n => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, two) {
  const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// ---- what is seen ----

function isVisible(element) {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  return style.visibility === "visible" && style.display !== "none" && box.width > 1 && box.height > 1;
}

function textElements() {
  const found = new Set(document.querySelectorAll("input:not([type=hidden]), select, textarea, button"));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode())
    if (walker.currentNode.data.trim()) found.add(walker.currentNode.parentElement);
  return [...found].filter(isVisible);
}

function isLarge(style) {
  const size = parseFloat(style.fontSize);
  return size >= 24 || (size >= 18.66 && parseInt(style.fontWeight, 10) >= 700);
}

const checks = {
  overflow() {
    const root = document.documentElement;
    const boxes = [...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth);
    if (boxes.length) return boxes.map(e => `scrolls sideways: ${describe(e)}`);
    if (root.scrollWidth <= innerWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
    return [`${root.scrollWidth} pixels wide in ${innerWidth}: ` + wide.slice(0, 3).map(describe).join("; ")];
  },

  labels() {
    const fields = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")];
    const named = e => e.labels.length || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby");
    const buttons = [...document.querySelectorAll("button, a[href]")];
    const told = e => e.innerText.trim() || e.textContent.trim() || e.getAttribute("aria-label");
    const images = [...document.querySelectorAll("img:not([alt])")];
    return [...fields.filter(e => !named(e)), ...buttons.filter(e => !told(e)), ...images].map(describe);
  },

  structure() {
    const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map(id => `the id ${id} is given twice`);
    const headings = document.querySelectorAll("h1").length;
    const referred = [...document.querySelectorAll("[aria-describedby], [aria-labelledby]")].flatMap(e =>
      `${e.getAttribute("aria-describedby") || ""} ${e.getAttribute("aria-labelledby") || ""}`.trim().split(/\s+/));
    const lost = referred.filter(id => !document.getElementById(id)).map(id => `nothing has the id ${id}`);
    return [...twice, ...lost, ...(headings === 1 ? [] : [`${headings} headings of the first level`]),
            ...(document.documentElement.lang ? [] : ["no language"]), ...(document.title ? [] : ["no title"])];
  },

  loaded() {
    const failed = performance.getEntriesByType("resource").filter(e => e.responseStatus >= 400).map(e => e.name);
    const images = [...document.images].filter(e => !e.naturalWidth).map(e => e.src);
    const sheets = [...document.querySelectorAll("link[rel=stylesheet]")].filter(e => !e.sheet || !e.sheet.cssRules.length);
    return [...failed, ...images, ...sheets.map(e => e.href)];
  },

  contrast() {
    return textElements().flatMap(element => {
      const style = getComputedStyle(element), background = backgroundOf(element);
      const ink = element instanceof SVGElement ? style.fill : style.color;
      const ratio = contrast(over(parse(ink), background), background);
      const least = isLarge(style) ? LARGE_TEXT_CONTRAST : TEXT_CONTRAST;
      return ratio < least ? [`${ratio.toFixed(2)} (${ink}): ${describe(element)}`] : [];
    });
  },

  // of the element that has the focus
  focus() {
    const element = document.activeElement;
    if (!element || element === document.body) return ["nothing has the focus"];
    const style = getComputedStyle(element), around = backgroundOf(element.parentElement || element);
    const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 &&
                 contrast(parse(style.outlineColor), around) >= OUTLINE_CONTRAST;
    return seen && isVisible(element) ? [] : [`the focus does not show: ${describe(element)}`];
  },

  links() {
    return [...document.links].filter(e => e.origin === location.origin).map(e => e.pathname + e.search);
  },
};
