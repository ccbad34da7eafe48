import { readFileSync } from 'node:fs';

/** Who may import whom, and who owns which package: the one table that the lint rules and the dependency rules are made from. */
export const levels = JSON.parse(readFileSync(new URL('./levels.json', import.meta.url), 'utf8'));

/** Constraints of `@nx/enforce-module-boundaries`, one for each project by its tag. */
export function moduleBoundaries() {
  return Object.entries(levels.projects).map(([name, project]) => ({
    sourceTag: `project:${name}`,
    onlyDependOnLibsWithTags: [`project:${name}`, ...project.mayImport.map((other) => `project:${other}`)],
    bannedExternalImports: Object.entries(levels.owners)
      .filter(([, owners]) => !owners.includes(name))
      .flatMap(([pattern]) => (pattern.endsWith('/*') ? [pattern] : [pattern, `${pattern}/*`])),
  }));
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Forbidden dependencies for dependency-cruiser, made from the same table. */
export function forbiddenDependencies() {
  const rules = [];
  for (const [name, project] of Object.entries(levels.projects)) {
    const allowed = [project.path, ...project.mayImport.map((other) => levels.projects[other].path)];
    rules.push({
      name: `${name}-imports-only-downward`,
      severity: 'error',
      from: { path: `^${escaped(project.path)}/src/`, pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|libs|migrations|tests|models|tools)(/|$)', pathNot: `^(${allowed.map(escaped).join('|')})/` },
    });
    rules.push({
      name: `${name}-imports-nothing-deep`,
      severity: 'error',
      from: { path: `^${escaped(project.path)}/src/`, pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^((apps|libs)/[^/]+|migrations)/',
        pathNot: `^(${escaped(project.path)}/|(libs/[^/]+|migrations)/(src|dist)/(testing/)?index\\.(ts|js|d\\.ts)$)`,
      },
    });
  }
  for (const [pattern, owners] of Object.entries(levels.owners)) {
    const module = pattern.endsWith('/*') ? `${escaped(pattern.slice(0, -1))}` : `${escaped(pattern)}/`;
    rules.push({
      name: `${pattern.replace(/[^a-z0-9-]/gi, '-')}-has-one-owner`,
      severity: 'error',
      from: {
        path: '^(apps|libs|migrations)',
        pathNot: `^(${owners.map((owner) => escaped(levels.projects[owner].path)).join('|')})/|\\.spec\\.ts$`,
      },
      to: { path: `(^|/)node_modules/${module}` },
    });
  }
  rules.push({
    name: 'domain-runs-anywhere',
    severity: 'error',
    from: { path: '^libs/(domain|contracts)/src/', pathNot: '\\.spec\\.ts$' },
    to: { dependencyTypes: ['core'] },
  });
  rules.push({
    name: 'no-circles',
    severity: 'error',
    from: { path: '^(apps|libs|migrations)' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  });
  rules.push({
    name: 'nothing-unresolvable',
    severity: 'error',
    from: { path: '^(apps|libs|migrations)' },
    to: { couldNotResolve: true, pathNot: '^node:' },
  });
  return rules;
}
