/** The package has no types of its own; it answers an object of some class, or throws. */
declare module 'edtf' {
  export default function edtf(text: string): unknown;
}
