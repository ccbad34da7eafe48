/** Every address of a released photograph that anybody may read. */
export function publicAddresses(view: {
  thumbnail: string;
  original: { url: string };
  restored: { url: string } | null;
  changes: { changeMap: { url: string }; receipt: string } | null;
  downloads: { original: { url: string }; restored: { url: string } | null };
  id: string;
}): string[] {
  return [
    `/iiif/manifest/${view.id}`,
    view.thumbnail,
    `${view.original.url}/info.json`,
    `${view.original.url}/0,0,512,500/512,/0/default.jpg`,
    `${view.restored?.url}/full/!300,300/0/default.jpg`,
    view.changes?.changeMap.url ?? '',
    view.changes?.receipt ?? '',
    view.downloads.original.url,
    view.downloads.restored?.url ?? '',
  ];
}
