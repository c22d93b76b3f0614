// What the project has done lately, and the prompt that is made from it.
import { gatherContext, type Excerpt, type Marker } from '../context.ts'
import { emptyHistory, recentChanges, recentDiffs, record, type History } from '../history.ts'
import type { Clock, Prompt, TextChange } from '../ports.ts'
import { composePrompt } from '../prompt.ts'
import type { Redactor } from '../redact.ts'
import type { Region } from '../region.ts'

export interface About {
  readonly path: string
  readonly text: string
  readonly region: Region
  readonly words: string | null
  readonly marker: Marker | null
  /** Places elsewhere that help, the most helpful first. */
  readonly related?: readonly Excerpt[]
}

export class Memory {
  private recorded: History = emptyHistory()
  private waiting: { readonly change: TextChange; readonly at: number }[] = []
  private readonly project: string
  private readonly clock: Clock

  /** `project` tells projects apart in the cache key and says nothing about them. */
  constructor(project: string, clock: Clock) {
    this.project = project
    this.clock = clock
  }

  /** Costs a diff, which nothing on the way from save to request should wait for: it is made once something else is waited for. */
  record(change: TextChange, at: number): void {
    this.waiting.push({ change, at })
    this.clock.soon(() => this.history)
  }

  private get history(): History {
    for (const { change, at } of this.waiting.splice(0)) this.recorded = record(this.recorded, change, at)
    return this.recorded
  }

  /** Earlier edits of this file, without the newest, which is the one asked about. */
  changesBefore(path: string): readonly TextChange[] {
    return recentChanges(this.history, path).slice(0, -1)
  }

  /** Throws for a file whose name says that it holds secrets: nothing may come as far as here with one. */
  compose(about: About, redactor: Redactor): Prompt {
    const context = gatherContext({ ...about, diffs: recentDiffs(this.history), related: about.related ?? [] })
    if (!context.ok) throw new Error(context.failure.message)
    return composePrompt(context.value, 'fast', redactor, this.project)
  }
}
