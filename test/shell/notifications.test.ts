// Notifications: once for what began to wait while the window is out of sight, and only when they are wanted.
import { expect, test } from 'vitest'
import { setupNotifications } from '../../main/shell/notifications.ts'
import { STILL, type Pulse } from '../../main/shell/pulse.ts'
import { createFakeElectron } from '../fakes/electron.ts'

function setup() {
  const electron = createFakeElectron()
  const wanted = { on: true }
  const notifications = setupNotifications(electron, () => wanted.on)
  const shown: string[] = []
  const take = (some: Partial<Pulse>, seen = false): void =>
    notifications.take({ root: '/shop', name: 'shop', seen, show: () => shown.push('shop') }, { ...STILL, ...some })
  return { electron, wanted, take, shown, bodies: () => electron.notifications.map(({ options }) => options.body) }
}

test('what waits while the window is hidden is told once it no longer streams', () => {
  const { take, bodies } = setup()
  take({ streaming: 1 })
  take({ streaming: 1, pending: 1 })
  expect(bodies()).toEqual([])
  take({ pending: 2 })
  expect(bodies()).toEqual(['2 to review.'])
})

test('nothing more is told until the window was seen', () => {
  const { take, bodies } = setup()
  take({ pending: 1 })
  take({ pending: 2 })
  take({ pending: 3 }, true)
  take({ pending: 4 })
  expect(bodies()).toEqual(['1 to review.', '4 to review.'])
})

test('a question of consent is told', () => {
  const { take, bodies } = setup()
  take({ consent: true })
  expect(bodies()).toEqual(['A request waits for your consent.'])
})

test('in a window that is seen nothing is told, nor when it is switched off', () => {
  const { take, wanted, bodies } = setup()
  take({ pending: 1 }, true)
  wanted.on = false
  take({ pending: 2 })
  expect(bodies()).toEqual([])
})

test('fewer than before is no news', () => {
  const { take, bodies } = setup()
  take({ pending: 3 }, true)
  take({ pending: 2 })
  expect(bodies()).toEqual([])
})

test('a click shows the window', () => {
  const { electron, take, shown } = setup()
  take({ pending: 1 })
  electron.notifications[0]?.emit('click')
  expect(shown).toEqual(['shop'])
})
