// A project in memory, as it was before one commit after another, and the engine over it.
import { Indexer, type JudgeAcross } from '../../../main/core/index/indexer.ts'
import { ProjectIndex } from '../../../main/core/index/project-index.ts'
import type { Occurrences, Target } from '../../../main/core/syntax/occurrences.ts'

export type AskScopes = (path: string, text: string, target: Target) => Promise<Occurrences | null>

export class ReplayedProject {
  readonly contents = new Map<string, string>()
  private readonly index = new ProjectIndex()
  private readonly scopes: AskScopes
  private readonly judge: JudgeAcross | undefined

  /** `judge`: instead of the engine's own. */
  constructor(scopes: AskScopes, judge?: JudgeAcross) {
    this.scopes = scopes
    this.judge = judge
  }

  /** An engine that knows these texts, and nothing of what was edited. Only what differs from the last ones is read again. */
  async become(wanted: ReadonlyMap<string, string>): Promise<Indexer> {
    const indexer = new Indexer(
      {
        read: async (path) => this.contents.get(path) ?? null,
        occurrences: this.scopes,
        // As much time as it needs: what is found must not depend on the machine.
        now: () => 0,
        pause: async () => undefined,
      },
      this.index,
      this.judge,
    )
    const changed = [...this.contents.keys()].filter((path) => !wanted.has(path))
    for (const path of changed) this.contents.delete(path)
    for (const [path, text] of wanted) {
      if (this.contents.get(path) === text) continue
      this.contents.set(path, text)
      changed.push(path)
    }
    indexer.changed(changed, false)
    await indexer.settled()
    return indexer
  }

  async save(indexer: Indexer, path: string, text: string): Promise<void> {
    this.contents.set(path, text)
    indexer.changed([path], true)
    await indexer.settled()
  }
}
