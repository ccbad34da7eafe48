export * from './recognise-person.js';
export * from './person-names.js';
export * from './home.js';
export * from './custody-figures.js';
