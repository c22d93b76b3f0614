// What the engine needs from the world, as interfaces: the core imports these, the adapters and the tests' fakes implement them.
import type { Failure, Lane, ProviderView, Result, SettingsView } from '../../preload/contract.ts'
import type { PlacedEdit } from './patch.ts'
import type { Index } from './index/questions.ts'
import type { Jobs } from './jobs.ts'
import type { Beyond } from './scope/draft.ts'
import type { Syntax } from './syntax/syntax.ts'

/** Stops whatever it was given for: a listener, a timer, a process. Calling it twice is harmless. */
export type Stop = () => void

// ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What stat says; two equal ones around a read make the read stable. */
export interface FileStat {
  readonly size: number
  readonly modifiedMs: number
  readonly inode: number
}

/** A text file as read. `text` keeps its BOM and its line endings; encoding it again gives the same bytes. */
export interface TextContent {
  readonly kind: 'text'
  readonly text: string
  /** Hash of the bytes on disk. */
  readonly hash: string
  /** A name to write it back with; one that ends in `?` is only the best guess. */
  readonly encoding: string
  readonly stat: FileStat
}

export type SkipCode = 'binary' | 'large' | 'undecodable' | 'irregular' | 'denied' | 'outside' | 'unstable'

export type ReadOutcome =
  | TextContent
  | { readonly kind: 'absent' }
  | { readonly kind: 'skipped'; readonly code: SkipCode; readonly reason: string }

/** One file of an apply. `before: null` creates the file, `after: null` deletes it; both are texts with their own line endings. */
export interface FileWrite {
  readonly path: string
  /** Hash of the content that must stand there now; null: nothing may stand there. */
  readonly expected: string | null
  readonly after: string | null
  /** As a read of this file gave it; without, that of what stands there, and for a new file UTF-8. */
  readonly encoding?: string
  /** A text that stood in this file earlier: its characters may be written also where the encoding is only a guess. */
  readonly former?: string | null
  /**
   * A program that held the old file open may write into it after it was replaced or deleted. That is told here, until 2 s
   * after the last of it. Answers whether it is taken care of: otherwise the old file is never removed. Without this
   * listener, what comes before the write returns is put back, and the write fails with `changed`.
   */
  readonly onOvertaken?: (save: OvertakenSave) => Promise<boolean>
  /**
   * Whatever can be made ready beside the file is made meanwhile; the project's own files stay as they are until this is
   * true. False: nothing is written (`cancelled`). Without: at once.
   */
  readonly journalled?: Promise<boolean>
}

/** What somebody wrote into a file that had been replaced already. */
export interface OvertakenSave {
  readonly path: string
  /** The text that was saved; null when it is none. */
  readonly saved: string | null
  /** Name of the old file, beside the present one. */
  readonly kept: string
  /**
   * Puts the old file back in its place, with what was saved in it, if the content with the hash `expected` stands there now
   * (null: nothing). Failures: `changed`, and those of `Files.write`.
   */
  putBack(expected: string | null): Promise<Result<null>>
}

/** Which of two contents stands in a file. */
export type Side = 'old' | 'new' | 'other'

/** Paths are relative to the project, with `/`. Nothing outside the project is ever read or written. */
export interface Files {
  /**
   * A stable read: stat before and after agree; a formerly non-empty file found empty gets 50 ms more.
   * `formerSize` is the size at the last read, if there was one; `encoding` what the file was in then, if that is remembered.
   */
  read(
    path: string,
    options: { readonly formerSize: number | null; readonly encoding?: string },
    signal: AbortSignal,
  ): Promise<ReadOutcome>
  /**
   * Writes durably: temporary file in the same folder, fsync, compare the hash, rename, fsync of the folder. Mode kept,
   * symbolic links followed (their target is written, if it is inside the project).
   * Failures: `changed` (another content stands there), `exists`, `absent`, `denied`, `full`, `outside`, `unencodable`, `io`.
   */
  write(write: FileWrite, signal: AbortSignal): Promise<Result<{ readonly hash: string | null }>>
}

/** What a session needs of the files besides: after a crash, what a write has left half done is brought to an end. */
export interface ProjectFiles extends Files {
  /**
   * Which content stands there after a crash during a write of `after` over `before` (null: no file). A file that could only be
   * written in place and is half the one, half the other gets `before` back.
   */
  mend(
    write: {
      readonly path: string
      readonly before: string | null
      readonly after: string | null
      readonly encoding?: string
    },
    signal: AbortSignal,
  ): Promise<Side>
  /**
   * Removes what a crash has left beside these files. `overtaken` is told, as `FileWrite.onOvertaken` would have been, of
   * what was written into old files; `before`: the first 16 digits of the hash of the bytes that were in it when it was replaced.
   */
  sweep(
    paths: readonly string[],
    overtaken: (save: OvertakenSave, before: string) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void>
}

// ── Watch ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface SeenFile {
  readonly path: string
  readonly stat: FileStat
}

export interface WatchEvents {
  /** Something may have happened to this file: look at it. Never the truth, only a hint. */
  hint(path: string): void
  /** Files found by the first scan, in batches. */
  seen(files: readonly SeenFile[]): void
  /** The first scan is over; from here on every change is hinted. */
  ready(): void
  /** One line for people ("raise fs.inotify.max_user_watches"); `fatal` when nothing is watched any more. */
  trouble(message: string, fatal: boolean): void
}

export interface Watch {
  /**
   * Prunes ignored folders before descent. Begins at once, and tells nothing before `known` resolves: with paths of files that are
   * looked at first, because it is likely that they are being worked on. Where it rejects, nothing is told at all.
   */
  start(events: WatchEvents, signal: AbortSignal, known?: Promise<readonly string[]>): void
  /** Whether ignore files or built-in excludes keep this path out. */
  ignores(path: string): boolean
  /** New patterns from the settings; takes effect for new events at once. */
  exclude(patterns: readonly string[]): void
}

export interface GitStatus {
  /** Paths that `git status` lists: modified, added or untracked. */
  readonly dirty: readonly string[]
  readonly branch: string | null
}

export interface Git {
  /** null when the project is not in a git work tree, or git is not installed. */
  status(signal: AbortSignal): Promise<GitStatus | null>
  /**
   * Content of the file in the index as it was when `status` was taken, if the file was clean then and no filter or
   * line-ending conversion stands between blob and file; otherwise null.
   */
  cleanContent(path: string, signal: AbortSignal): Promise<string | null>
  /**
   * Whether git itself is at work on the files (a checkout, a pull, a stash), or was since `since` (epoch ms). False as long as
   * `status` has not been asked.
   */
  atWork(since: number): Promise<boolean>
}

// ── Model ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a part of a message is, for people who want to know what was sent. */
export type PartName =
  | 'conventions'
  | 'related code'
  | 'imports'
  | 'region'
  | 'recent edits'
  | 'nudges'
  | 'decisions'
  | 'file now'
  | 'request'

/** The parts of a message stand one behind the other and are all of it; see pieces.ts. */
export interface PromptPart {
  readonly name: PartName
  /** Where it is from, as it stands in the project; lines are 1-based, end exclusive. */
  readonly path?: string
  readonly start?: number
  readonly end?: number
  /** UTF-16 units of the message's text. */
  readonly length: number
}

export interface PromptMessage {
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly parts?: readonly PromptPart[]
}

/** Stable parts first: `instructions` and the first messages are byte-identical between requests wherever they can be. */
export interface Prompt {
  readonly instructions: string
  readonly messages: readonly PromptMessage[]
  /** Same for all requests of one project and lane. */
  readonly cacheKey: string
  /** Files that would have been in it, and why they are not. */
  readonly withheld?: readonly { readonly path: string; readonly reason: string }[]
}

/** What is handed to a connection, to the last byte. */
export interface WireRequest {
  /** `steer`: words said into a running reply. `warm-up`: prepares a connection, and is answered by nothing. */
  readonly kind: 'request' | 'steer' | 'warm-up'
  /** Where it goes. */
  readonly endpoint: string
  readonly transport: 'http' | 'websocket'
  readonly model: string
  /** The body of an HTTP request, or a WebSocket's message; in UTF-8 on the wire. */
  readonly body: string
  /** How many of the prompt's messages the endpoint has already from the response that this one goes on from. */
  readonly known: number
  /** False in a dry run: it is made, and goes nowhere. */
  readonly sent: boolean
}

/** One file's step from one content to another; what the embedded engine learns from. */
export interface TextChange {
  readonly path: string
  readonly before: string
  readonly after: string
}

/** An edit, and what went before it. */
export interface Edited extends TextChange {
  /** Earlier steps, oldest first: what was seen twice is believed sooner. */
  readonly history: readonly TextChange[]
  /** Proposals of the embedded engine that the person turned down, oldest first: counter-examples. */
  readonly rejected?: readonly Rejected[]
}

export interface Rejected extends PlacedEdit {
  /** The lines that it would have replaced. */
  readonly oldLines: readonly string[]
}

export interface ModelRequest {
  /** The suggestion it is for: by this `steer` finds it while it runs. */
  readonly id?: string
  readonly lane: Lane
  readonly prompt: Prompt
  readonly maxOutputTokens: number
  /** What was edited, for engines that work on the text itself; null for a request in words. */
  readonly change: Edited | null
  /** Hears of everything that is handed to a connection for it, in that moment. */
  readonly wrote?: (request: WireRequest) => void
}

/** Tokens. `cached`: how many of `input` came from the endpoint's cache, where it says so. */
export interface Usage {
  readonly input: number
  readonly output: number
  readonly cached?: number
}

export type ModelEvent =
  /** Something that must be said on the card ("gpt-x is not offered here: went on with gpt-y"). */
  | { readonly type: 'notice'; readonly message: string }
  /** Why nothing is sent yet (consent); null: it goes on. */
  | { readonly type: 'waiting'; readonly message: string | null }
  /** The request's bytes were handed to the connection; `warm`: one that stood already. */
  | { readonly type: 'sent'; readonly model: string; readonly warm?: boolean }
  | { readonly type: 'headers' }
  | { readonly type: 'thinking' }
  | { readonly type: 'text'; readonly text: string }
  /** An edit that is placed already, about the text `change.after`; `beyond`: it is offered folded, and why. */
  | { readonly type: 'hunk'; readonly edit: PlacedEdit; readonly beyond?: Beyond }
  /** `length`: cut at the output cap. */
  | {
      readonly type: 'done'
      readonly finish: 'stop' | 'length'
      readonly usage: Usage | null
    }
  /**
   * What became of a text that `steer` had queued. `committed`: what follows is said in its knowledge, after all that stood
   * before. `failed`: it takes no effect, and goes back to the person; the reply goes on without it.
   */
  | {
      readonly type: 'steered'
      readonly state: 'committed' | 'failed'
      readonly text: string
      /** Why it failed; null when it did not, or no reason was given. */
      readonly message: string | null
    }
  | { readonly type: 'failed'; readonly failure: Failure }

/** Who answers, chosen by the settings and what is found on this machine. */
export interface Models {
  state(): ProviderView
  /** Called whenever `state()` answers something new. */
  subscribe(listener: () => void): Stop
  /**
   * One request. Ends after `done` or `failed`, or quietly when `signal` aborts; never throws for an expected failure.
   * Waits for consent where that is needed, and says so by `waiting`.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>
  /**
   * Gives a running reply words of the person to heed. `queued`: its stream says by `steered` what becomes of them; when the
   * stream ends without (an interrupt), they took no effect. `unsupported`: this model or connection cannot, or the reply is not
   * at a point where it could; nothing was queued.
   */
  steer(id: string, text: string): Promise<'unsupported' | 'queued'>
  /** What `stream` would send first, without sending it; null where the embedded engine would answer. */
  preview(request: ModelRequest): WireRequest | null
  /** What was sent to prepare connections, before and beside all requests; the last few. */
  warmUps(): readonly WireRequest[]
  /** A request may follow within moments: connects where that is allowed, and says nothing there. Costs nothing when called often. */
  expect(): void
  /** Chooses anew; running requests go on with what they have. */
  configure(settings: SettingsView): void
  consent(endpoint: string, allow: boolean): void
  key(key: string): void
}

// ── Store ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Rows are JSON values under a key; blobs are texts under their hash. */
export type StoreTable = 'suggestion' | 'apply' | 'baseline' | 'meta'

export type StoreOperation =
  | { readonly type: 'put'; readonly table: StoreTable; readonly key: string; readonly value: unknown }
  | { readonly type: 'delete'; readonly table: StoreTable; readonly key: string }
  | { readonly type: 'blob'; readonly hash: string; readonly text: string }
  /** Drops every blob whose hash is neither listed nor the `hash` of a row of `baseline`. */
  | { readonly type: 'keepBlobs'; readonly hashes: readonly string[] }

export interface Store {
  rows(table: StoreTable): Promise<ReadonlyMap<string, unknown>>
  blob(hash: string): Promise<string | null>
  /** One transaction, in the order of the calls. Resolves when it is durable; `{ok: false}` when the disk refuses. */
  commit(operations: readonly StoreOperation[]): Promise<Result<null>>
}

// ── The rest ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Clock {
  /** Monotonic ms. */
  now(): number
  /** Epoch ms. */
  wall(): number
  after(ms: number, run: () => void): Stop
  /** Runs once what has arrived in this turn of the event loop is handled: coalesces without adding a wait. */
  soon(run: () => void): void
}

export interface Ids {
  next(): string
}

export interface Hash {
  /** Short stable hash of a text, hex. */
  text(text: string): string
}

/** Runs named pure functions (see jobs.ts) off the streaming thread. */
export interface Work {
  run<Name extends keyof Jobs>(
    name: Name,
    input: Jobs[Name]['input'],
    signal: AbortSignal,
  ): Promise<Jobs[Name]['output']>
}

export interface Log {
  info(message: string): void
  error(message: string, cause: unknown): void
}

export type { Index } from './index/questions.ts'
export type { Syntax } from './syntax/syntax.ts'

export interface Ports {
  readonly files: ProjectFiles
  readonly watch: Watch
  readonly git: Git
  readonly models: Models
  readonly store: Store
  readonly work: Work
  readonly syntax: Syntax
  readonly index: Index
  readonly clock: Clock
  readonly ids: Ids
  readonly hash: Hash
  readonly log: Log
}
