/** The package's `exports` name no types, so what is used of it is declared here. */
declare module 'iiif-builder' {
  import type { Annotation, InternationalString, MetadataItem } from '@iiif/presentation-3';

  interface CanvasBuilder {
    setLabel(label: InternationalString): void;
    setWidth(width: number): void;
    setHeight(height: number): void;
    createAnnotation(id: string, annotation: Annotation): void;
  }

  interface ManifestBuilder {
    setLabel(label: InternationalString): void;
    setSummary(summary: InternationalString): void;
    setMetadata(metadata: MetadataItem[]): void;
    setRequiredStatement(statement: { label: InternationalString; value: InternationalString }): void;
    setRights(rights: string): void;
    createCanvas(id: string, make: (canvas: CanvasBuilder) => void): void;
  }

  export class IIIFBuilder {
    createManifest(id: string, make: (manifest: ManifestBuilder) => void): { readonly id: string };
    toPresentation3(reference: { id: string; type: 'Manifest' }): unknown;
  }
}
