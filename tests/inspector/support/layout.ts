/**
 * What is wrong with how a page looks. It runs in the page, and may refer to nothing outside of itself. In: the document.
 * Out: problems, in words: content wider than the window, controls that overlap or are cut off, text that is hard to read.
 */
export function layoutProblems(): string[] {
  const problems: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth} pixels wide in ${clientWidth}`);

  const name = (element: Element): string =>
    `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} “${(element.textContent ?? '').trim().slice(0, 30)}”`;
  const visible = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
  };
  /** Whether an element around it scrolls: there it may stand outside of the window. */
  const scrolled = (element: Element): boolean => {
    for (let one = element.parentElement; one !== null; one = one.parentElement) {
      const { overflowX } = getComputedStyle(one);
      if (overflowX === 'auto' || overflowX === 'scroll') return true;
    }
    return false;
  };

  // Controls stand in the window, whole, and next to each other.
  const controls = [...document.querySelectorAll('button, select, input, textarea, summary, h1, h2, h3, label')].filter(
    (element) => visible(element) && !element.classList.contains('slot'),
  );
  const boxes = controls.map((element) => element.getBoundingClientRect());
  controls.forEach((element, i) => {
    const box = boxes[i]!;
    if (!scrolled(element) && (box.left < -1 || box.right > clientWidth + 1))
      problems.push(`cut off: ${name(element)}`);
    const clips = element.tagName === 'BUTTON' || element.tagName === 'LABEL';
    if (clips && element.scrollWidth > element.clientWidth + 2 && getComputedStyle(element).display !== 'inline') {
      problems.push(`text does not fit: ${name(element)}`);
    }
    for (let j = i + 1; j < controls.length; j++) {
      const other = controls[j]!;
      if (element.contains(other) || other.contains(element)) continue;
      if (getComputedStyle(element).display === 'inline' || getComputedStyle(other).display === 'inline') continue;
      const b = boxes[j]!;
      const [w, h] = [
        Math.min(box.right, b.right) - Math.max(box.left, b.left),
        Math.min(box.bottom, b.bottom) - Math.max(box.top, b.top),
      ];
      if (w > 2 && h > 2 && !scrolled(element) && !scrolled(other))
        problems.push(`overlap: ${name(element)}, ${name(other)}`);
    }
  });

  // Text has a contrast of at least 4.5 to what is behind it (WCAG 1.4.3); disabled controls are exempt.
  type Colour = readonly [number, number, number, number];
  const parse = (text: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a]: Colour, [x, y, z]: Colour): Colour => [
    r * a + x * (1 - a),
    g * a + y * (1 - a),
    b * a + z * (1 - a),
    1,
  ];
  const behind = (element: Element | null): Colour => {
    if (element === null) return [255, 255, 255, 1];
    const colour = parse(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour : over(colour, behind(element.parentElement));
  };
  const light = ([r, g, b]: Colour): number => {
    const [x, y, z] = [r, g, b].map((channel) => {
      const c = channel / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const seen = new Set<string>();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '');
    if (!own || element.closest('svg, .spare, .padding, :disabled, option, noscript') !== null || !visible(element))
      continue;
    const style = getComputedStyle(element);
    const back = behind(element);
    const [a, b] = [light(over(parse(style.color), back)), light(back)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const key = `${style.color} on ${back.slice(0, 3).join(' ')}`;
    if (contrast >= 4.5 || seen.has(key)) continue;
    seen.add(key);
    problems.push(`contrast ${contrast.toFixed(1)}, ${key}: ${name(element)}`);
  }
  // Of the diagram, the boxes are what is behind the text.
  for (const node of document.querySelectorAll('.graph .node')) {
    const back = parse(getComputedStyle(node.querySelector('rect')!).fill);
    for (const text of node.querySelectorAll('text')) {
      const [a, b] = [light(parse(getComputedStyle(text).fill)), light(back)];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const key = `${node.getAttribute('class')} ${text.getAttribute('class')}`;
      if (contrast < 4.5 && !seen.has(key)) problems.push(`contrast ${contrast.toFixed(1)} in the diagram: ${key}`);
      seen.add(key);
      const [inner, outer] = [text.getBoundingClientRect(), node.querySelector('rect')!.getBoundingClientRect()];
      if (inner.width > 0 && inner.right > outer.right) problems.push(`text leaves its box: ${text.textContent}`);
    }
  }
  return problems;
}
