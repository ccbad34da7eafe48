export { fullFacts, leastFacts, okManifests } from './ok-manifests.js';
export { notOkManifests, type PlantedFault } from './not-ok-manifests.js';
