// The project's thread as the engine sees it: the Watch and Git ports, and reads of its files.
import type { Git, Watch } from '../core/ports.ts'
import type { ReadFile } from './files/read.ts'
import { groupedReads } from './files/reads.ts'
import type { ProjectPlace, ProjectQuestions } from './project-server.ts'
import { startThread } from './thread.ts'
import { createWatch, type WatchOptions } from './watch/watch.ts'

export interface ProjectThread {
  readonly watch: Watch
  readonly git: Git
  /** As `readStable`. */
  readonly read: ReadFile
  /** Ends the thread; what is still asked of it rejects. */
  close(): Promise<void>
}

/** `root`: the project's folder, absolute. Starts the thread at once. Questions reject when it dies; the next ones go to a new one. */
export function startProject(root: string, options: WatchOptions): ProjectThread {
  const place: ProjectPlace = { root }
  const thread = startThread<ProjectQuestions>({ role: 'project', data: place }, { youngMegabytes: 12 })
  return {
    watch: createWatch(root, options, thread),
    git: {
      // A thread that died is to the asker as a git that does not answer.
      status: (signal) => thread.ask('status', null, signal).catch(() => null),
      cleanContent: (path, signal) => thread.ask('cleanContent', path, signal).catch(() => null),
      atWork: (since) => thread.ask('atWork', since).catch(() => false),
    },
    read: groupedReads((reads, signal) => thread.ask('read', reads, signal)),
    async close() {
      // Answered after what was called off before: no program of git's is left behind.
      await thread.ask('unwatch', null).catch(() => null)
      await thread.close()
    },
  }
}
