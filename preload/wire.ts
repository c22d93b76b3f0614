// The wire's nouns: ports, and the frames that window (or CLI) and engine exchange: calls with one answer, streams with many, cancel and credit.
import type { CallName, Calls, Failure, Result, StreamName, Streams } from './contract.ts'

// The shape follows VS Code's transport-neutral peer (src/vs/base/parts/ipc/common/ipc.ts): a few frame kinds over
// {send, onMessage}, cancelling is a frame, and whoever asks is always answered, never left with nothing.

/** Stops whatever it was given for. Calling it twice is harmless. */
export type Stop = () => void

/** One end of a connection that keeps the order of frames. */
export interface Port<Received, Sent> {
  /** Never throws; after the close it does nothing. */
  send(frame: Sent): void
  onMessage(listener: (frame: Received) => void): Stop
  /** Called once; at once when the port is closed already. */
  onClose(listener: () => void): Stop
  close(): void
}

/** The asking end: it trusts the engine's frames. */
export type ClientPort = Port<EngineFrame, ClientMessage>

/** The answering end: what comes in is unknown until it was checked. */
export type EnginePort = Port<unknown, EngineMessage>

export type CallFrame<Name extends CallName = CallName> = {
  [N in Name]: {
    readonly type: 'call'
    readonly id: number
    readonly name: N
    readonly arguments: Calls[N]['arguments']
  }
}[Name]

export type OpenFrame<Name extends StreamName = StreamName> = {
  [N in Name]: {
    readonly type: 'open'
    readonly id: number
    readonly name: N
    readonly arguments: Streams[N]['arguments']
    /** How many items may be sent before more credit comes. */
    readonly credit: number
  }
}[Name]

/** What the asking end sends. Ids are positive integers and never used twice on one port. */
export type ClientFrame =
  | CallFrame
  | OpenFrame
  | { readonly type: 'credit'; readonly id: number; readonly credit: number }
  | { readonly type: 'cancel'; readonly id: number }

export type AnswerFrame<Name extends CallName = CallName> = {
  [N in Name]: {
    readonly type: 'answer'
    readonly id: number
    readonly name: N
    readonly result: Result<Calls[N]['value']>
  }
}[Name]

export type ItemFrame<Name extends StreamName = StreamName> = {
  [N in Name]: {
    readonly type: 'item'
    readonly id: number
    readonly name: N
    readonly item: Streams[N]['item']
  }
}[Name]

/** What the engine sends. */
export type EngineFrame =
  | AnswerFrame
  | ItemFrame
  /** The stream is over: by itself (`failure: null`) or by a fault. */
  | { readonly type: 'end'; readonly id: number; readonly failure: Failure | null }
  /** The frame was not taken: malformed, unknown name, too large. `id` is null when it could not be told. */
  | { readonly type: 'refused'; readonly id: number | null; readonly failure: Failure }

/** Frames as they are handed to a port: which value goes with which name was checked where they were made, in wire/. */
export type ClientMessage =
  | Exclude<ClientFrame, CallFrame | OpenFrame>
  | { readonly type: 'call'; readonly id: number; readonly name: CallName; readonly arguments: unknown }
  | {
      readonly type: 'open'
      readonly id: number
      readonly name: StreamName
      readonly arguments: unknown
      readonly credit: number
    }
export type EngineMessage =
  | Exclude<EngineFrame, AnswerFrame | ItemFrame>
  | { readonly type: 'answer'; readonly id: number; readonly name: CallName; readonly result: Result<unknown> }
  | { readonly type: 'item'; readonly id: number; readonly name: StreamName; readonly item: unknown }
