import { describe, expect, it } from 'vitest';
import { helpOf, readCall } from './command.js';
import { commands } from './commands/index.js';
import { readConfig } from './config.js';
import { table } from './terminal.js';

describe('commands', () => {
  it.each(commands.map((command) => [command.name, command] as const))(
    '%s has help with an example that it understands',
    (name, command) => {
      const help = helpOf(command);
      expect(help).toContain(command.example);
      expect(help).toContain('--json');
      expect(help).toContain('Exit codes');
      const words = command.example.match(/"[^"]*"|\S+/g) ?? [];
      const given = words.slice(2).map((word) => word.replace(/^"|"$/g, ''));
      const upTo = given.includes('>') ? given.indexOf('>') : given.length;
      expect(words[0]).toBe('albumen');
      expect(words[1]).toBe(name);
      expect(() => readCall(command, given.slice(0, upTo))).not.toThrow();
    },
  );

  it('refuse what they do not know, with what was expected', () => {
    const ingest = commands.find(({ name }) => name === 'ingest');
    if (ingest === undefined) throw new Error('ingest is missing');
    expect(() => readCall(ingest, ['--nonsense', 'x'])).toThrow(/nonsense/);
    expect(() => readCall(ingest, [])).toThrow(/Expected DIR for ingest but received nothing/);
    expect(() => readCall(ingest, ['a', 'b'])).toThrow(/received "a b"/);
  });
});

describe('configuration', () => {
  it('takes the sign-in beside the port and refuses a port that is none', () => {
    expect(readConfig({ ALBUMEN_PORT: '5000' })).toMatchObject({
      port: 5000,
      signInPort: 5001,
      publicUrl: 'http://127.0.0.1:5000',
    });
    expect(() => readConfig({ ALBUMEN_PORT: 'many' })).toThrow(/ALBUMEN_PORT but received "many"/);
  });
});

describe('tables', () => {
  it('line up with Vietnamese letters, composed or not', () => {
    const lines = table([
      ['Tên'.normalize('NFD'), 'x'],
      ['Nguyễn', 'x'],
    ]).split('\n');
    expect(lines[0]?.normalize('NFC').indexOf('x')).toBe(lines[1]?.indexOf('x'));
  });
});
