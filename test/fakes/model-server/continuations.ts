// How models go on with a reply that was cut off. None of them does it always the same way.

/**
 * - `exact`: at the exact character.
 * - `line`: repeats the line that was cut.
 * - `anew`: starts the whole patch again.
 * - `reworded`: gives the same edits again in other words (SEARCH/REPLACE blocks).
 * - `contradicts`: starts the patch again, and adds other lines than before in the hunks that were complete.
 */
export const WAYS = ['exact', 'line', 'anew', 'reworded', 'contradicts'] as const
export type Continues = (typeof WAYS)[number]

const BEGIN = '*** Begin Patch'
const END = '*** End Patch'

export function isWay(name: string): name is Continues {
  return WAYS.some((way) => way === name)
}

/** What a model says next that was cut off after `cut`, the beginning of `whole`: prose, and at most one patch as product.md words it. */
export function goOn(whole: string, cut: string, continues: Continues): string {
  const patch = whole.indexOf(BEGIN)
  // Before the patch there is nothing to repeat or to reword.
  const early = patch < 0 || cut.length <= patch
  switch (continues) {
    case 'exact':
      return whole.slice(cut.length)
    case 'line':
      return whole.slice(cut.lastIndexOf('\n') + 1)
    case 'anew':
      return early ? whole.slice(cut.length) : whole.slice(patch)
    case 'reworded':
      return early ? whole.slice(cut.length) : blocksOf(whole.slice(patch))
    case 'contradicts':
      return early ? whole.slice(cut.length) : otherwise(whole.slice(patch), cut.length - patch)
  }
}

/** The patch's update hunks as SEARCH/REPLACE blocks. */
function blocksOf(patch: string): string {
  const blocks: string[] = []
  let path = ''
  let search: string[] = []
  let replace: string[] = []
  const flush = (): void => {
    if (search.length + replace.length > 0) {
      blocks.push([path, '<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE', ''].join('\n'))
    }
    search = []
    replace = []
  }
  for (const line of patch.split('\n')) {
    const file = /^\*\*\* Update File: (.*)$/.exec(line)
    if (file !== null) path = file[1] ?? ''
    if (line.startsWith('*** ') || line.startsWith('@@')) {
      flush()
    } else if (line !== '' || search.length > 0) {
      if (!line.startsWith('+')) search.push(line.slice(1))
      if (!line.startsWith('-')) replace.push(line.slice(1))
    }
    if (line === END) break
  }
  return blocks.join('\n')
}

/** The patch with a word more at the end of each added line of the hunks that end before `complete`. */
function otherwise(patch: string, complete: number): string {
  let at = 0
  const lines = patch.split('\n')
  /** Where the hunk of each line ends: at the next line that begins a hunk, a section or the end. */
  const begins = lines.map((line) => line.startsWith('@@') || line.startsWith('*** '))
  const starts = lines.map((line) => {
    const start = at
    at += line.length + 1
    return start
  })
  return lines
    .map((line, index) => {
      const next = begins.indexOf(true, index + 1)
      const end = next < 0 ? patch.length : (starts[next] ?? patch.length)
      return line.startsWith('+') && end <= complete ? `${line} otherwise` : line
    })
    .join('\n')
}
