/** A person's word on a layer or a region. */
export const acceptanceValues = ['undecided', 'accepted', 'rejected'] as const;
