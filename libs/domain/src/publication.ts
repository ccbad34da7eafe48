import { hasText, type LocalText } from './local-text.js';
import type { Description } from './item.js';
import { findRights } from './rights.js';

/** One rule that a publication must meet, in the order of the checklist. */
export const publicationRules = ['title', 'rights', 'original-ready', 'decision-made', 'composite-ready'] as const;
export type PublicationRule = (typeof publicationRules)[number];

export const publicationRuleWords: Record<PublicationRule, Required<LocalText>> = {
  title: { en: 'It has a title.', vi: 'Có nhan đề.' },
  rights: { en: 'It has a rights statement.', vi: 'Có tuyên bố quyền sử dụng.' },
  'original-ready': { en: 'The original can be shown.', vi: 'Bản gốc sẵn sàng để xem.' },
  'decision-made': { en: 'Nobody still has to decide on a restoration.', vi: 'Không còn bản phục chế chờ quyết định.' },
  'composite-ready': { en: 'The approved restoration is composed.', vi: 'Bản phục chế đã duyệt đã được ghép xong.' },
};

/** What the rules look at. */
export interface PublicationFacts {
  readonly description: Description;
  /** Rights of the collection, inherited where the item has none. */
  readonly collectionRights: string | null;
  readonly originalReady: boolean;
  readonly openReviews: number;
  readonly approved: boolean;
  readonly compositeReady: boolean;
}

/** Each rule with whether it is met. The item can be published when all are. */
export function checkPublication(
  facts: PublicationFacts,
): readonly { readonly rule: PublicationRule; readonly met: boolean }[] {
  const rights = facts.description.rights || facts.collectionRights;
  const met: Record<PublicationRule, boolean> = {
    title: hasText(facts.description.title),
    rights: findRights(rights) !== undefined,
    'original-ready': facts.originalReady,
    'decision-made': facts.openReviews === 0,
    'composite-ready': !facts.approved || facts.compositeReady,
  };
  return publicationRules.map((rule) => ({ rule, met: met[rule] }));
}
