// What the bench puts into a page before the page's own code: it says when something was painted, pressed or received.

/** All times are epoch ms of the page's clock. */
export interface Probe {
  now(): number
  /** Resolves when `marker` has been painted inside an element that fits `selector`. */
  painted(selector: string, marker: string): Promise<number>
  /**
   * Resolves half a second after the next press of Esc: when the key went down (the event's own time, which the browser notes
   * before the page hears of it), and when the text inside `selector` was last changed after the key's frame, or null.
   */
  escape(selector: string): Promise<{ readonly at: number; readonly changedAt: number | null }>
  /** Resolves with the time of the next click on an element that fits `selector`. */
  clicked(selector: string): Promise<number>
  /** Keeps the page's thread busy half of the time, or lets it rest. */
  burn(on: boolean): void
  /** Resolves when a WebSocket message that holds all these parts came in. */
  received(parts: readonly string[]): Promise<number>
}

declare global {
  interface Window {
    bench: Probe
  }
}

/**
 * Runs inside the page; nothing of this module is there.
 *
 * Painted means: the frame that first has the marker in the page's document was produced. A change of the document is heard by a
 * MutationObserver. If it happened inside an animation-frame callback (as xterm does), that very frame will show it; else
 * the next frame will, which is asked for at once. A message that is posted inside the frame's callbacks arrives when style,
 * layout and paint of the frame are over: its arrival is the time. Product and floors are measured by this same code.
 */
export function installProbe(): void {
  const requestFrame = window.requestAnimationFrame.bind(window)
  let inFrame = false
  window.requestAnimationFrame = (callback) =>
    requestFrame((time) => {
      inFrame = true
      try {
        callback(time)
      } finally {
        // Observers of what the callback did have been queued before this.
        queueMicrotask(() => {
          inFrame = false
        })
      }
    })

  const now = (): number => performance.timeOrigin + performance.now()

  function afterFrame(run: () => void): void {
    const post = (): void => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', run, { once: true })
      port1.start()
      port2.postMessage(null)
    }
    if (inFrame) post()
    else requestFrame(post)
  }

  function textOf(selector: string): string {
    return [...document.querySelectorAll(selector)].map((element) => element.textContent).join('\n')
  }

  const listeners = new Set<(text: string, at: number) => void>()
  const Socket = window.WebSocket
  window.WebSocket = class extends Socket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('message', ({ data }) => {
        if (listeners.size === 0) return
        const at = now()
        for (const listener of listeners) listener(String(data), at)
      })
    }
  }

  let burning: ReturnType<typeof setInterval> | undefined
  function burn(on: boolean): void {
    clearInterval(burning)
    if (!on) return
    burning = setInterval(() => {
      for (const end = performance.now() + 10; performance.now() < end;);
    }, 20)
  }

  window.bench = {
    now,
    burn,
    painted: (selector, marker) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!textOf(selector).includes(marker)) return
          observer.disconnect()
          afterFrame(() => resolve(now()))
        }
        const observer = new MutationObserver(look)
        observer.observe(document, { subtree: true, childList: true, characterData: true })
        look()
      }),
    escape: (selector) =>
      new Promise((resolve) => {
        const onKey = (event: KeyboardEvent): void => {
          if (event.key !== 'Escape') return
          window.removeEventListener('keydown', onKey, true)
          const at = performance.timeOrigin + event.timeStamp
          afterFrame(() => {
            let shown = textOf(selector).trimEnd()
            let changedAt: number | null = null
            const observer = new MutationObserver(() => {
              const present = textOf(selector).trimEnd()
              if (present === shown) return
              shown = present
              changedAt = now()
            })
            observer.observe(document, { subtree: true, childList: true, characterData: true })
            setTimeout(() => {
              observer.disconnect()
              resolve({ at, changedAt })
            }, 500)
          })
        }
        window.addEventListener('keydown', onKey, true)
      }),
    clicked: (selector) =>
      new Promise((resolve) => {
        const onClick = (event: MouseEvent): void => {
          if (!(event.target instanceof Element) || event.target.closest(selector) === null) return
          window.removeEventListener('click', onClick, true)
          resolve(performance.timeOrigin + event.timeStamp)
        }
        window.addEventListener('click', onClick, true)
      }),
    received: (parts) =>
      new Promise((resolve) => {
        const listener = (text: string, at: number): void => {
          if (!parts.every((part) => text.includes(part))) return
          listeners.delete(listener)
          resolve(at)
        }
        listeners.add(listener)
      }),
  }
}
