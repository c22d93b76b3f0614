// Terminals for streams: made ahead, handed to the card that streams, and taken back; coloured by the page's variables.
import { FitAddon } from '@xterm/addon-fit'
import { Terminal, type ITheme } from '@xterm/xterm'
import type { Stop } from '../preload/wire.ts'

/** A stream is shown in at most so many lines; what is above scrolls away. */
export const SCREEN_ROWS = 9
const SCROLLBACK = 20_000
/**
 * Up to so many UTF-16 units are parsed at once, which takes some 2 ms and is more than comes in a frame at any rate; what is longer (a
 * catch-up) is parsed in tasks of its own, so that a key gets through.
 */
const AT_ONCE = 32_768
/** Full reset as a sequence (RIS): unlike a call it keeps its place among what is still to be written. */
const RESET = '\u001bc'
/** xterm measures each character before it paints it for the first time, and every measure lays out the page. */
const MEASURED = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
/** Kept ready beside those in use. */
const SPARE = 1
const RESTOCK_MS = 2_000

/** One terminal that is on loan. */
export interface Screen {
  /** Hands the text over at once; `parsed` is called when it is in the terminal's buffer, before its paint. */
  write(text: string, parsed?: () => void): void
  clear(): void
  /** All its lines together, in px. */
  readonly height: number
  /** Called after each time rows were put into the page. */
  onPaint(listener: () => void): Stop
  /** Called when more lines are in use than ever on this loan: how high they are together, in px. */
  onGrow(listener: (height: number) => void): Stop
  /** Shows what is painted now, whatever is still to be parsed, until it is let go. */
  hold(): Stop
  /** Lines are as long as the place is wide. */
  fit(): void
  showCursor(on: boolean): void
  /** Goes back; the loan is over. */
  release(): void
}

export interface Screens {
  /** Puts a terminal into `place`; it is ready to paint in the same frame. */
  borrow(place: HTMLElement): Screen
  close(): void
}

interface Kept {
  readonly terminal: Terminal
  readonly fitting: FitAddon
  readonly element: HTMLElement
  /** To be called before the first loan: the terminal is empty then. */
  empty(): void
}

/**
 * Making a terminal takes some 20 ms, which the first token must not wait for: so one is made ahead. `park` has to be inside the
 * viewport (even if it is one pixel): xterm does not paint where it is not visible, and would lose a frame to notice.
 */
export function createScreens(park: HTMLElement): Screens {
  const document = park.ownerDocument
  const view = document.defaultView
  const all = new Set<Kept>()
  const spare: Kept[] = []

  /** As wide as the last one had to be: then a new one need not be laid out anew when it is lent. */
  let columns = 60

  function make(): Kept {
    const terminal = new Terminal({
      cols: columns,
      rows: SCREEN_ROWS,
      scrollback: SCROLLBACK,
      convertEol: true,
      // See `write`: text that follows input is parsed at once, and a disabled terminal takes no input.
      disableStdin: false,
      scrollOnUserInput: false,
      cursorStyle: 'bar',
      cursorInactiveStyle: 'bar',
      fontFamily: variable(document, '--mono'),
      fontSize: 12,
      lineHeight: 1.35,
      minimumContrastRatio: 4.5,
      theme: themeOf(document),
    })
    const fitting = new FitAddon()
    terminal.loadAddon(fitting)
    // Keys belong to the window; the terminal is only looked at.
    terminal.attachCustomKeyEventHandler(() => false)
    const element = document.createElement('div')
    park.append(element)
    terminal.open(element)
    // xterm shows no cursor before its first focus, which this terminal never gets; leaving the other buffer counts as well.
    terminal.write('\u001b[?47h\u001b[?47l')
    let measuring = true
    const empty = (): void => {
      if (measuring) terminal.write(RESET)
      measuring = false
    }
    terminal.write(MEASURED, () => {
      const measured = terminal.onRender(() => {
        measured.dispose()
        empty()
      })
    })
    if (terminal.textarea !== undefined) {
      terminal.textarea.tabIndex = -1
      terminal.textarea.readOnly = true
      terminal.textarea.ariaLabel = 'Selection in the stream'
    }
    const kept = { terminal, fitting, element, empty }
    all.add(kept)
    return kept
  }

  function restock(): void {
    while (spare.length < SPARE) spare.push(make())
  }

  const schemes = view?.matchMedia('(prefers-color-scheme: dark)')
  const recolour = (): void => {
    for (const { terminal } of all) terminal.options.theme = themeOf(document)
  }
  schemes?.addEventListener('change', recolour)
  // A terminal takes longer to open than all else that the window shows at its start.
  const stocking = requestIdleCallback(restock, { timeout: RESTOCK_MS })

  return {
    borrow(place) {
      const kept = spare.pop() ?? make()
      const { terminal, fitting, element } = kept
      kept.empty()
      place.append(element)
      const stops = new Set<Stop>()
      // Not soon: making the next one would hold up the first tokens of this stream.
      const restocking = setTimeout(restock, RESTOCK_MS)
      stops.add(() => clearTimeout(restocking))

      function listen(listening: { dispose(): void }): Stop {
        const stop = (): void => {
          listening.dispose()
          stops.delete(stop)
        }
        stops.add(stop)
        return stop
      }

      function fit(): void {
        const proposed = fitting.proposeDimensions()?.cols
        if (proposed === undefined || !Number.isFinite(proposed)) return
        columns = Math.max(20, proposed)
        if (columns !== terminal.cols) terminal.resize(columns, SCREEN_ROWS)
      }

      let cursorShown = true
      fit()
      const lineHeight = (terminal.element?.querySelector('.xterm-screen')?.clientHeight ?? 0) / SCREEN_ROWS
      return {
        write(text, parsed) {
          // xterm parses in a task of its own, which a frame may come before: then the text is painted a frame late. Only what
          // follows input it parses on arrival; input of no characters is enough, but would take a selection away.
          if (text.length <= AT_ONCE && !terminal.hasSelection()) terminal.input('', true)
          terminal.write(text, parsed)
        },
        clear: () => terminal.write(RESET),
        height: Math.ceil(lineHeight * SCREEN_ROWS),
        onPaint: (listener) => listen(terminal.onRender(listener)),
        onGrow(listener) {
          let most = 0
          return listen(
            terminal.onWriteParsed(() => {
              const { baseY, cursorX, cursorY } = terminal.buffer.active
              const used = Math.min(SCREEN_ROWS, baseY + cursorY + (cursorX > 0 ? 1 : 0))
              if (used <= most) return
              most = used
              listener(Math.ceil(lineHeight * used))
            }),
          )
        },
        hold() {
          const rows = element.querySelector<HTMLElement>('.xterm-rows')
          if (rows === null) return () => {}
          const still = rows.cloneNode(true)
          rows.hidden = true
          rows.after(still)
          return () => {
            if (still.parentNode !== null) still.parentNode.removeChild(still)
            rows.hidden = false
          }
        },
        fit,
        showCursor(on) {
          if (on === cursorShown) return
          cursorShown = on
          terminal.write(on ? '\u001b[?25h' : '\u001b[?25l')
        },
        release() {
          for (const stop of stops) stop()
          if (spare.length < SPARE) {
            terminal.write(RESET)
            park.append(element)
            spare.push(kept)
          } else {
            all.delete(kept)
            terminal.dispose()
            element.remove()
          }
        },
      }
    },

    close() {
      cancelIdleCallback(stocking)
      schemes?.removeEventListener('change', recolour)
      for (const { terminal, element } of all) {
        terminal.dispose()
        element.remove()
      }
    },
  }
}

function variable(document: Document, name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function themeOf(document: Document): ITheme {
  const colour = (name: string): string => variable(document, name)
  return {
    background: colour('--surface'),
    foreground: colour('--text'),
    cursor: colour('--accent'),
    selectionBackground: colour('--selection'),
    green: colour('--added'),
    red: colour('--removed'),
    brightBlack: colour('--muted'),
    scrollbarSliderBackground: colour('--line'),
    scrollbarSliderHoverBackground: colour('--muted'),
    scrollbarSliderActiveBackground: colour('--muted'),
  }
}
