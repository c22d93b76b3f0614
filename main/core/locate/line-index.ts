// An index of a file's lines at one level of comparison: finds where a run of lines stands without scanning the file.
import { keyOf, type Level } from './comparison.ts'

/** One line of a run that is looked for: any of these texts will do. */
export type Pattern = readonly (readonly string[])[]

/** Comparisons that one search may cost; only files of endlessly repeated lines come near it. */
const MOST_COMPARISONS = 3_000_000

export interface LineIndex {
  /** 0-based indices at which the whole run stands, ascending; null when the lines repeat too much to be searched. */
  find(pattern: Pattern): readonly number[] | null
}

export function createLineIndex(lines: readonly string[], level: Level): LineIndex {
  /** Lines that are equal at this level share a number. */
  const numbers = new Map<string, number>()
  const ids = new Uint32Array(lines.length)
  // Chains instead of one array per text: most texts stand once, and a hundred thousand tiny arrays are slow to make.
  const first = new Int32Array(lines.length)
  const next = new Int32Array(lines.length)
  const counts = new Uint32Array(lines.length)
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const key = keyOf(lines[index] ?? '', level)
    let id = numbers.get(key)
    if (id === undefined) {
      id = numbers.size
      numbers.set(key, id)
      first[id] = NONE
    }
    ids[index] = id
    next[index] = first[id] ?? NONE
    first[id] = index
    counts[id] = (counts[id] ?? 0) + 1
  }

  /** The ids that satisfy each line of the pattern; null when one line stands nowhere in the file. */
  const idsOf = (pattern: Pattern): readonly (readonly number[])[] | null => {
    const wanted: number[][] = []
    for (const texts of pattern) {
      const found = texts.map((text) => numbers.get(keyOf(text, level))).filter((id) => id !== undefined)
      if (found.length === 0) return null
      wanted.push([...new Set(found)])
    }
    return wanted
  }

  return {
    find(pattern) {
      if (pattern.length === 0 || pattern.length > lines.length) return []
      const wanted = idsOf(pattern)
      if (wanted === null) return []
      // The line that is rarest in the file leaves the fewest places to look at.
      let rarest = 0
      let fewest = Infinity
      for (const [offset, found] of wanted.entries()) {
        const count = found.reduce((sum, id) => sum + (counts[id] ?? 0), 0)
        if (count < fewest) {
          fewest = count
          rarest = offset
        }
      }
      const starts: number[] = []
      let comparisons = 0
      for (const id of wanted[rarest] ?? []) {
        for (let place = first[id] ?? NONE; place !== NONE; place = next[place] ?? NONE) {
          const start = place - rarest
          if (start < 0 || start + wanted.length > lines.length) continue
          let offset = 0
          while (offset < wanted.length && isOneOf(wanted[offset], ids[start + offset])) offset += 1
          comparisons += offset + 1
          if (comparisons > MOST_COMPARISONS) return null
          if (offset === wanted.length) starts.push(start)
        }
      }
      return starts.sort((a, b) => a - b)
    },
  }
}

/** Ends a chain. */
const NONE = -1

function isOneOf(wanted: readonly number[] | undefined, id: number | undefined): boolean {
  return wanted !== undefined && id !== undefined && wanted.includes(id)
}
