// What tests/support/browser.py asks of a page; contrast as in WCAG 2.2.
const channel = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
const parse = words => {
  const n = (words.match(/[\d.]+/g) || []).map(Number);
  return n.length < 3 ? [0, 0, 0, 0] : n.length < 4 ? [...n, 1] : n;
};
const over = (top, under, share) => under.map((v, i) => v * (1 - share) + top[i] * share);
const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const behind = (element, x, y) => {
  let colour = parse(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  const stack = document.elementsFromPoint(x, y).reverse();
  for (const each of stack) {
    if (each === element) break;
    const style = getComputedStyle(each), drawn = each instanceof SVGGeometryElement && !each.closest(".lines");
    const [r, g, b, a] = parse(each.matches("svg .bar") ? style.stroke : drawn ? style.fill : style.backgroundColor);
    if (!(each instanceof SVGTextElement)) colour = over([r, g, b], colour, a * style.opacity);
  }
  return colour;
};
for (const each of document.querySelectorAll("details")) each.open = true;
const found = {width: innerWidth, dark: matchMedia("(prefers-color-scheme: dark)").matches,
  scroll: document.documentElement.scrollWidth, wide: [], texts: []};
for (const each of document.body.querySelectorAll("*")) {
  if (["SCRIPT", "STYLE", "title"].includes(each.tagName)) continue;
  const box = each.getBoundingClientRect(), style = getComputedStyle(each);
  if (!box.width || style.display === "none") continue;
  const name = each.tagName + "." + (each.getAttribute("class") || "") + " " + each.textContent.trim().slice(0, 40);
  const card = each.closest("article"), edge = card ? card.getBoundingClientRect().right : innerWidth;
  if (box.right > edge + 0.5 || box.left < -0.5) found.wide.push([name, box.left, box.right]);
  if (![...each.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
  const svg = each instanceof SVGTextElement, halo = svg && style.stroke !== "none";
  const scale = svg ? Math.abs(each.getScreenCTM().d) : 1;
  const ink = parse(svg ? style.fill : style.color).slice(0, 3);
  const ground = halo ? parse(style.stroke).slice(0, 3) : behind(each, box.left + box.width / 2, box.top + box.height / 2);
  found.texts.push([name, parseFloat(style.fontSize) * scale, ratio(ink, ground)]);
}
parent.postMessage(JSON.stringify(found), "*");
