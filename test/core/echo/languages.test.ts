// Tests of the embedded engine in languages that no replayed history holds: it works on tokens, so it has to.
import { expect, it } from 'vitest'
import { proposeEchoes } from '../../../main/core/echo/echo.ts'
import { applyEdits } from '../../../main/core/patch.ts'

interface Example {
  readonly path: string
  readonly before: string
  /** By hand, in the order of the steps: a line (1-based) and what it becomes. */
  readonly steps: readonly (readonly [line: number, text: string])[]
  readonly after: string
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  SQL: {
    path: 'report.sql',
    before:
      'SELECT c.customer_name, o.total\nFROM orders o\nJOIN customers c ON c.id = o.customer_id;\n\n' +
      'SELECT c.customer_name\nFROM customers c\nORDER BY c.customer_name;\n',
    steps: [[1, 'SELECT c.display_name, o.total']],
    after:
      'SELECT c.display_name, o.total\nFROM orders o\nJOIN customers c ON c.id = o.customer_id;\n\n' +
      'SELECT c.display_name\nFROM customers c\nORDER BY c.display_name;\n',
  },
  Java: {
    path: 'Orders.java',
    before:
      'class Orders {\n    void a() {\n        logger.warning("a " + id);\n    }\n    void b() {\n        logger.warning("b " + id);\n' +
      '    }\n    void c() {\n        logger.warning("c " + id);\n    }\n}\n',
    steps: [[3, '        logger.warn("a " + id);']],
    after:
      'class Orders {\n    void a() {\n        logger.warn("a " + id);\n    }\n    void b() {\n        logger.warn("b " + id);\n' +
      '    }\n    void c() {\n        logger.warn("c " + id);\n    }\n}\n',
  },
  'C#': {
    path: 'Cart.cs',
    before:
      'Assert.AreEqual(3, cart.Count);\nRun();\nAssert.AreEqual(total, Sum(a, b));\nRun();\nAssert.AreEqual("x", cart.Name);\n',
    steps: [
      [1, 'Assert.That(cart.Count, Is.EqualTo(3));'],
      [3, 'Assert.That(Sum(a, b), Is.EqualTo(total));'],
    ],
    after:
      'Assert.That(cart.Count, Is.EqualTo(3));\nRun();\nAssert.That(Sum(a, b), Is.EqualTo(total));\nRun();\nAssert.That(cart.Name, Is.EqualTo("x"));\n',
  },
  Rust: {
    path: 'parse.rs',
    before:
      'let port = parse_port(text).unwrap();\nlet host = text.trim();\nlet other = parse_port(more).unwrap();\n' +
      'let name = host;\nlet last = parse_port(rest).unwrap();\n',
    steps: [
      [1, 'let port = parse_port(text)?;'],
      [3, 'let other = parse_port(more)?;'],
    ],
    after:
      'let port = parse_port(text)?;\nlet host = text.trim();\nlet other = parse_port(more)?;\nlet name = host;\nlet last = parse_port(rest)?;\n',
  },
  PHP: {
    path: 'index.php',
    before:
      '<?php\n$user = $request->getParam("user");\nshow($user);\n$page = $request->getParam("page");\nshow($page);\n' +
      '$sort = $request->getParam("sort");\n',
    steps: [[2, '$user = $request->query("user");']],
    after:
      '<?php\n$user = $request->query("user");\nshow($user);\n$page = $request->query("page");\nshow($page);\n' +
      '$sort = $request->query("sort");\n',
  },
  Markdown: {
    path: 'README.md',
    before:
      '# Start\n\nRun `npm run start-server` first.\n\n## Test\n\nWith `npm run start-server` in another shell.\n\n## More\n\nStop `npm run start-server`.\n',
    steps: [[3, 'Run `npm run serve` first.']],
    after:
      '# Start\n\nRun `npm run serve` first.\n\n## Test\n\nWith `npm run serve` in another shell.\n\n## More\n\nStop `npm run serve`.\n',
  },
  YAML: {
    path: 'ci.yml',
    before:
      'jobs:\n  lint:\n    runs-on: ubuntu-20.04\n    steps: []\n  test:\n    runs-on: ubuntu-20.04\n    steps: []\n  pack:\n    runs-on: ubuntu-20.04\n',
    steps: [
      [3, '    runs-on: ubuntu-24.04'],
      [6, '    runs-on: ubuntu-24.04'],
    ],
    after:
      'jobs:\n  lint:\n    runs-on: ubuntu-24.04\n    steps: []\n  test:\n    runs-on: ubuntu-24.04\n    steps: []\n  pack:\n    runs-on: ubuntu-24.04\n',
  },
}

it.each(Object.entries(EXAMPLES))('%s: proposes the same edit where it fits', (_language, example) => {
  const { path, before, steps, after } = example
  const texts = [before]
  for (const [line, text] of steps) {
    const lines = (texts.at(-1) ?? '').split('\n')
    texts.push(lines.with(line - 1, text).join('\n'))
  }
  const changes = texts.slice(1).map((text, at) => ({ path, before: texts[at] ?? '', after: text }))
  const change = changes.at(-1)
  if (change === undefined) throw new Error('no step')
  const edits = proposeEchoes({ ...change, history: changes.slice(0, -1) })
  expect(applyEdits(change.after, edits)).toBe(after)
})
