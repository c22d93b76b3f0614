// The whole window: its panes, its dialogs, and the keys that only the page can serve.
import { useCallback, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { AskField } from './AskField.tsx'
import { Banners } from './Banner.tsx'
import { ConsentBar } from './ConsentBar.tsx'
import type { Controller, PageAction } from './controller.ts'
import { Conventions } from './Conventions.tsx'
import { Empty } from './Empty.tsx'
import { Help } from './Help.tsx'
import { useController, useStore } from './hooks.ts'
import { QueueHead } from './QueueHead.tsx'
import { ReviewQueue } from './ReviewQueue.tsx'
import { Settings } from './Settings.tsx'
import { StatusBar } from './StatusBar.tsx'
import { Strip } from './Strip.tsx'
import { UndoBar } from './UndoBar.tsx'

export function App() {
  const controller = useController()
  const [dialog, setDialog] = useState<'settings' | 'help' | 'conventions' | null>(null)
  const close = useCallback(() => setDialog(null), [])
  const openSettings = useCallback(() => setDialog('settings'), [])
  const openHelp = useCallback(() => setDialog('help'), [])
  const openConventions = useCallback(() => setDialog('conventions'), [])
  useKeys(controller, openHelp, openConventions)
  useWindowFocus(controller)

  return (
    <div className="window">
      <StatusBar onSettings={openSettings} onHelp={openHelp} onConventions={openConventions} />
      <ConsentBar />
      <Banners onSettings={openSettings} />
      <main className="main" data-testid="main">
        <QueueHead />
        <Empties />
        <ReviewQueue />
      </main>
      <AskField />
      <UndoBar />
      <Strip />
      {dialog === 'settings' ? <Settings onClose={close} /> : null}
      {dialog === 'conventions' ? <Conventions onClose={close} /> : null}
      {dialog === 'help' ? <Help onClose={close} /> : null}
    </div>
  )
}

function Empties() {
  const none = useStore('list', (store) => store.ids().length === 0)
  return none ? <Empty /> : null
}

function useKeys(controller: Controller, openHelp: () => void, openConventions: () => void): void {
  useEffect(() => {
    function onPage(action: PageAction): void {
      switch (action) {
        case 'help':
          openHelp()
          return
        case 'conventions':
          openConventions()
          return
        case 'ask':
          document.querySelector<HTMLElement>('[data-testid="ask"]')?.focus()
          return
        case 'when':
          document.querySelector<HTMLElement>('[data-testid="when"]')?.click()
          return
        case 'nudge': {
          const id = controller.steered.get()
          const field = id === null ? null : cardElement(id)?.querySelector<HTMLElement>('[data-testid="nudge"]')
          if (field) field.focus()
          else controller.say('Nothing to nudge here.')
          return
        }
        case 'seen': {
          const id = controller.steered.get()
          const button = id === null ? null : cardElement(id)?.querySelector<HTMLElement>('[data-testid="seen"]')
          if (button) button.click()
          else controller.say('There is no suggestion to look into.')
          return
        }
        case 'edit':
        case 'pick': {
          // The hunk may have been unfolded by the same key.
          flushSync(() => {})
          const button = document.querySelector<HTMLElement>(
            `[data-testid="hunk"][data-in-hand="true"] [data-testid="hunk-${action === 'edit' ? 'edit' : 'split'}"]`,
          )
          button?.closest('[data-testid="hunk"]')?.scrollIntoView({ block: 'nearest' })
          if (button) button.click()
          else controller.say(`Nothing in focus to ${action === 'edit' ? 'edit' : 'pick lines from'}.`)
          return
        }
        case 'leave':
          // A form that was opened over something closes; what was typed into it is kept.
          leave()
          return
        case 'reveal':
          // The hunk has to be open before its place is known.
          flushSync(() => {})
          document.querySelector('[data-testid="hunk"][data-in-hand="true"]')?.scrollIntoView({ block: 'nearest' })
      }
    }

    function onKeyDown(event: KeyboardEvent): void {
      if (event.isComposing) return
      const target = event.target instanceof Element ? event.target : null
      // A dialog has its own keys: Esc closes it, and the next one stops the stream.
      if (target?.closest('dialog')) return
      const taken = controller.onKey(
        {
          key: event.key,
          modified: event.ctrlKey || event.altKey || event.metaKey,
          repeat: event.repeat,
          where: event.key === 'Escape' && leavable(target) !== null ? 'field' : placeOf(target),
        },
        onPage,
      )
      if (taken) event.preventDefault()
    }

    // Before anything else that listens: an interrupt must not wait for it.
    window.addEventListener('keydown', onKeyDown, { capture: true })
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [controller, openHelp, openConventions])
}

/** The button that closes the form around an element, if that form was opened over something. */
function leavable(target: Element | null): HTMLElement | null {
  return target?.closest('form')?.querySelector<HTMLElement>('[data-leave]') ?? null
}

/** Closing a form says where the keyboard goes from there; a field that stays is just left. */
function leave(): void {
  const { activeElement: from } = document
  const way = leavable(from)
  if (way !== null) flushSync(() => way.click())
  else if (from instanceof HTMLElement) from.blur()
}

function placeOf(target: Element | null): 'page' | 'button' | 'field' {
  // The terminal's hidden text area is only there for the selection.
  if (target === null || target.closest('.xterm') !== null) return 'page'
  if (target.matches('input, textarea, select, [contenteditable]')) return 'field'
  return target.closest('button, a, summary') === null ? 'page' : 'button'
}

function cardElement(id: string): Element | null {
  return document.querySelector(`[data-testid="suggestion"][data-id="${CSS.escape(id)}"]`)
}

function useWindowFocus(controller: Controller): void {
  useEffect(() => {
    const gained = (): void => controller.onWindowFocus(true)
    const lost = (): void => controller.onWindowFocus(false)
    window.addEventListener('focus', gained)
    window.addEventListener('blur', lost)
    return () => {
      window.removeEventListener('focus', gained)
      window.removeEventListener('blur', lost)
    }
  }, [controller])
}
