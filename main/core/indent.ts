// How deep a line stands: the one measure of indentation that diff and regions share.

const WIDEST = 200

/** Width of the leading white space in columns, at most 200; a tab reaches to the next multiple of 8. */
export function indentOf(line: string): number {
  let width = 0
  for (let at = 0; at < line.length && width < WIDEST; at += 1) {
    const code = line.charCodeAt(at)
    if (code === 32) width += 1
    else if (code === 9) width += 8 - (width % 8)
    else break
  }
  return width
}

/** A line that is missing counts as blank. */
export function isBlank(line: string | undefined): boolean {
  return line === undefined || !/\S/.test(line)
}
