// The contract on a session: which call does what. Every host serves these same handlers.
import type { Result, SettingsView } from '../../preload/contract.ts'
import type { Handlers } from '../../preload/wire/server.ts'
import type { Editor } from '../adapters/editor.ts'
import type { Session } from '../core/session/session.ts'
import type { Models } from '../core/ports.ts'

export interface ApiOptions {
  readonly session: Session
  readonly models: Models
  readonly editor: Editor
  /** The settings as they stand, and how they are changed; `configure` answers what stands then. */
  readonly settings: {
    current(): SettingsView
    configure(settings: SettingsView): Promise<Result<SettingsView>>
  }
}

export function createHandlers({ session, models, editor, settings }: ApiOptions): Handlers {
  return {
    calls: {
      accept: (argument) => session.accept(argument),
      reject: (argument) => session.reject(argument),
      interrupt: (argument) => session.interrupt(argument),
      nudge: (argument) => session.nudge(argument),
      continue: (argument) => session.continue(argument),
      retry: (argument) => session.retry(argument),
      deeper: (argument) => session.deeper(argument),
      dismiss: (argument) => session.dismiss(argument),
      ask: (argument) => session.ask(argument),
      seen: (argument) => session.seen(argument),
      preview: (argument) => session.preview(argument),
      undo: () => session.undo(),
      redo: (argument) => session.redo(argument),
      takeBack: (argument) => session.takeBack(argument),
      edit: (argument) => session.edit(argument),
      split: (argument) => session.split(argument),
      place: (argument) => session.place(argument),
      unfold: (argument) => session.unfold(argument),
      why: (argument, signal) => session.why(argument, signal),
      conventions: () => session.conventions(),
      conventionDecide: (argument) => session.conventionDecide(argument),
      open: (argument, signal) => editor.open(argument.path, argument.line, signal),
      decide: (argument) => session.decide(argument),
      status: () => session.status(),
      hand: (argument) => session.setHand(argument),
      painted: (argument) => session.painted(argument),
      settings: async () => ({ ok: true, value: settings.current() }),
      configure: (argument) => settings.configure(argument.settings),
      key: async (argument) => {
        models.key(argument.key)
        return { ok: true, value: null }
      },
      consent: async (argument) => {
        models.consent(argument.endpoint, argument.allow)
        return { ok: true, value: null }
      },
      pause: (argument) => session.pause(argument),
      trigger: (argument) => session.trigger(argument),
      mute: (argument) => session.mute(argument),
      unmute: (argument) => session.unmute(argument),
      resetWait: () => session.resetWait(),
      desktop: noDesktop,
      desktopConfigure: noDesktop,
      desktopKey: noDesktop,
    },
    streams: { events: (_argument, signal) => session.events(signal) },
  }
}

/** The desktop shell puts its own answers in the place of this one. */
async function noDesktop(): Promise<Result<never>> {
  return { ok: false, failure: { code: 'host', message: 'This window is not a desktop window.' } }
}
