// The project's thread, its own end: watches the folder, reads files and asks git, so that none of it holds up the streaming thread.
import type { MessagePort } from 'node:worker_threads'
import type { GitStatus, ReadOutcome } from '../core/ports.ts'
import { readStable } from './files/read.ts'
import type { Read } from './files/reads.ts'
import { createGit } from './git.ts'
import { serveThread, type Question } from './thread.ts'
import { createNewsQueue, type News, type NewsQueue } from './watch/news.ts'
import { watchFolder, type Backend, type Watching } from './watch/watching.ts'

/** What the project's thread can be asked. */
export interface ProjectQuestions {
  readonly watch: {
    readonly input: {
      readonly root: string
      readonly excludes: readonly string[]
      readonly backend: Backend | undefined
    }
    readonly output: null
  }
  /** These files are likely to be worked on: see `Watching.sooner`. */
  readonly sooner: { readonly input: readonly string[]; readonly output: null }
  /** Answered when there are any; one question at a time. */
  readonly news: { readonly input: null; readonly output: News }
  readonly exclude: { readonly input: readonly string[]; readonly output: null }
  readonly unwatch: { readonly input: null; readonly output: null }
  readonly read: {
    readonly input: readonly Read[]
    readonly output: readonly ReadOutcome[]
  }
  readonly status: { readonly input: null; readonly output: GitStatus | null }
  readonly cleanContent: { readonly input: string; readonly output: string | null }
  readonly atWork: { readonly input: number; readonly output: boolean }
}

/** What it must know to begin with. */
export interface ProjectPlace {
  /** The project's folder, absolute. */
  readonly root: string
}

export function isProjectPlace(value: unknown): value is ProjectPlace {
  return typeof value === 'object' && value !== null && 'root' in value
}

export function serveProject(port: MessagePort, { root }: ProjectPlace): void {
  const git = createGit(root)
  let news: NewsQueue | null = null
  let watching: Watching | null = null
  let ending = new AbortController()
  let dirty: readonly string[] = []

  function unwatch(): null {
    ending.abort()
    news = null
    watching = null
    return null
  }

  /** What it lists is what the person works on. */
  async function status(signal: AbortSignal): Promise<GitStatus | null> {
    const found = await git.status(signal)
    dirty = found?.dirty ?? []
    watching?.sooner(dirty)
    return found
  }

  function answer(question: Question<ProjectQuestions>, signal: AbortSignal): unknown {
    switch (question.name) {
      case 'watch': {
        unwatch()
        ending = new AbortController()
        news = createNewsQueue()
        const { excludes, backend } = question.input
        watching = watchFolder(question.input.root, { excludes, backend }, news.events, ending.signal)
        watching.sooner(dirty)
        return null
      }
      case 'news':
        if (news === null) throw new Error('nothing is watched')
        return news.next()
      case 'sooner':
        watching?.sooner(question.input)
        return null
      case 'exclude':
        watching?.exclude(question.input)
        return null
      case 'unwatch':
        return unwatch()
      case 'read': {
        const reads = Promise.all(
          question.input.map(({ project, path, options }) => readStable(project, path, options, signal)),
        )
        // A save is answered at once even while fifty thousand files are still looked at.
        watching?.giveWay(reads)
        return reads
      }
      case 'status':
        return status(signal)
      case 'cleanContent':
        return git.cleanContent(question.input, signal)
      case 'atWork':
        return git.atWork(question.input)
      default:
        return question satisfies never
    }
  }

  serveThread<ProjectQuestions>(port, answer)
}
