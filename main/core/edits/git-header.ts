// The header of one file in a unified diff: gathers its lines and says what the section does to which file.
import type { ParsedHunk } from './hunk.ts'
import { gitPaths, isGitNote, sidePath } from './markers.ts'
import { formatPath } from './path.ts'

const NOWHERE = '/dev/null'

export interface GitOutcome {
  readonly path: string
  readonly kind: ParsedHunk['kind']
  readonly moveTo: string | null
  readonly binary: boolean
}

export class GitHeader {
  private from: string | null = null
  private to: string | null = null
  private renamed = false
  private created = false
  private deleted = false
  private binary = false
  /** Both the `---` and the `+++` line have come. */
  complete = false

  /** Of a `---` and a `+++` line alone. */
  static of(old: string, fresh: string): GitHeader {
    const header = new GitHeader()
    header.take(old)
    header.take(fresh)
    return header
  }

  /** False when the line does not belong to a header. */
  take(line: string): boolean {
    const paths = gitPaths(line)
    if (paths !== null) {
      const { from, to } = withoutPrefixes(paths.from, paths.to)
      // Two names alone are no rename: git says one in lines of their own.
      this.from = from
      this.to = to
      return true
    }
    const old = sidePath(line, '---')
    if (old !== null) {
      this.oldSide(old)
      return true
    }
    const fresh = sidePath(line, '+++')
    if (fresh !== null) {
      this.newSide(fresh)
      return true
    }
    return isGitNote(line) || line.trim() === '' || this.note(line)
  }

  /** Null when no file is named. */
  outcome(): GitOutcome | null {
    const { from, to, binary } = this
    const path = this.created ? (to ?? from) : (from ?? to)
    if (path === null) return null
    if (this.created) return { path, kind: 'add', moveTo: null, binary }
    if (this.deleted) return { path, kind: 'delete', moveTo: null, binary }
    if (this.renamed && from !== null && to !== null && from !== to)
      return { path: from, kind: 'move', moveTo: to, binary }
    return { path: to ?? path, kind: 'update', moveTo: null, binary }
  }

  private side: string | null = null

  private oldSide(path: string): void {
    this.side = path
    if (path === NOWHERE) this.created = true
  }

  private newSide(path: string): void {
    const old = this.side ?? NOWHERE
    this.complete = true
    if (path === NOWHERE) this.deleted = true
    if (this.renamed) return
    const sides = withoutPrefixes(old, path)
    this.from = sides.from === NOWHERE ? this.from : sides.from
    this.to = sides.to === NOWHERE ? this.to : sides.to
    // Backup names on the old side (`total.ts.orig`) are a habit of `diff`, not a rename.
    const prefixed = old.startsWith('a/') && path.startsWith('b/')
    this.renamed = prefixed && sides.from !== sides.to && !/(?:\.orig|\.old|\.bak|~)$/.test(sides.from)
  }

  private note(line: string): boolean {
    const note =
      /^(new file mode|deleted file mode|rename from|rename to|copy from|copy to|Binary files|GIT binary patch)\b ?(.*)$/.exec(
        line.slice(0, 1_000),
      )
    if (note === null) return false
    const rest = formatPath(note[2] ?? '')
    switch (note[1]) {
      case 'new file mode':
        this.created = true
        break
      case 'deleted file mode':
        this.deleted = true
        break
      case 'rename from':
        this.from = rest
        this.renamed = true
        break
      case 'rename to':
        this.to = rest
        this.renamed = true
        break
      default:
        // A copy or a binary file cannot be told from these lines.
        this.binary = true
    }
    return true
  }
}

/** Git puts `a/` and `b/` (or other single letters) before the paths; a real folder of that name stands on both sides. */
function withoutPrefixes(from: string, to: string): { readonly from: string; readonly to: string } {
  const old = /^([a-z])\/(.+)$/.exec(from)
  const fresh = /^([a-z])\/(.+)$/.exec(to)
  const usual = (old?.[1] === 'a' || from === NOWHERE) && (fresh?.[1] === 'b' || to === NOWHERE)
  const others = old !== null && fresh !== null && old[1] !== fresh[1] && old[2] === fresh[2]
  if (usual || others) return { from: formatPath(old?.[2] ?? from), to: formatPath(fresh?.[2] ?? to) }
  if (fresh?.[2] === from) return { from, to: from }
  if (old?.[2] === to) return { from: to, to }
  return { from, to }
}
