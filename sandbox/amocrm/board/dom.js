/** An element; texts become text nodes, so nothing a person or a shop wrote is ever read as HTML. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false))
  return element
}

/** A link only for http and https: a field may hold anything. */
export function linkOrText(text) {
  if (!/^https?:\/\//i.test(text)) return text
  return h('a', { href: text, target: '_blank', rel: 'noreferrer' }, text)
}
