import type { LocalText } from './local-text.js';

/** A rights statement: its URI exactly as IIIF wants it (http, trailing slash) and its plain words. */
export interface RightsStatement {
  readonly uri: string;
  readonly label: Required<LocalText>;
  readonly plain: Required<LocalText>;
}

const rs = (code: string, en: string, vi: string, plainEn: string, plainVi: string): RightsStatement => ({
  uri: `http://rightsstatements.org/vocab/${code}/1.0/`,
  label: { en, vi },
  plain: { en: plainEn, vi: plainVi },
});
const cc = (path: string, en: string, vi: string, plainEn: string, plainVi: string): RightsStatement => ({
  uri: `http://creativecommons.org/${path}/`,
  label: { en, vi },
  plain: { en: plainEn, vi: plainVi },
});

/** The rights statements Albumen offers: all of rightsstatements.org and the usual Creative Commons ones. */
export const rightsStatements: readonly RightsStatement[] = [
  cc(
    'publicdomain/zero/1.0',
    'CC0: no rights reserved',
    'CC0: không giữ quyền',
    'You may use it freely, without asking.',
    'Bạn được dùng tự do, không cần xin phép.',
  ),
  cc(
    'publicdomain/mark/1.0',
    'Public domain',
    'Thuộc phạm vi công cộng',
    'Copyright has ended. You may use it freely; please name the source.',
    'Không còn bản quyền. Bạn được dùng tự do; xin ghi nguồn.',
  ),
  cc(
    'licenses/by/4.0',
    'Attribution (CC BY 4.0)',
    'Ghi công (CC BY 4.0)',
    'You may use it if you name the source.',
    'Bạn được dùng nếu ghi nguồn.',
  ),
  cc(
    'licenses/by-sa/4.0',
    'Attribution, share alike (CC BY-SA 4.0)',
    'Ghi công, chia sẻ tương tự (CC BY-SA 4.0)',
    'You may use it if you name the source and share under the same terms.',
    'Bạn được dùng nếu ghi nguồn và chia sẻ với cùng điều khoản.',
  ),
  cc(
    'licenses/by-nc/4.0',
    'Attribution, non-commercial (CC BY-NC 4.0)',
    'Ghi công, phi thương mại (CC BY-NC 4.0)',
    'You may use it without earning money from it, if you name the source.',
    'Bạn được dùng cho mục đích phi thương mại nếu ghi nguồn.',
  ),
  cc(
    'licenses/by-nc-nd/4.0',
    'Attribution, non-commercial, no derivatives (CC BY-NC-ND 4.0)',
    'Ghi công, phi thương mại, không phái sinh (CC BY-NC-ND 4.0)',
    'You may pass it on unchanged, without earning money from it, if you name the source.',
    'Bạn được chia sẻ nguyên trạng, phi thương mại, nếu ghi nguồn.',
  ),
  rs(
    'InC',
    'In copyright',
    'Còn bản quyền',
    'Somebody holds the copyright. Ask before you use it.',
    'Ảnh còn bản quyền. Hãy xin phép trước khi dùng.',
  ),
  rs(
    'InC-OW-EU',
    'In copyright, EU orphan work',
    'Còn bản quyền, tác phẩm mồ côi (EU)',
    'In copyright; the holder could not be found.',
    'Còn bản quyền; không tìm được người giữ quyền.',
  ),
  rs(
    'InC-EDU',
    'In copyright, educational use permitted',
    'Còn bản quyền, cho phép dùng trong giáo dục',
    'You may use it for teaching. Ask for anything else.',
    'Bạn được dùng để giảng dạy. Việc khác xin hỏi.',
  ),
  rs(
    'InC-NC',
    'In copyright, non-commercial use permitted',
    'Còn bản quyền, cho phép dùng phi thương mại',
    'You may use it without earning money from it.',
    'Bạn được dùng cho mục đích phi thương mại.',
  ),
  rs(
    'InC-RUU',
    'In copyright, rights holder unknown',
    'Còn bản quyền, không rõ người giữ quyền',
    'In copyright; we do not know whose. Tell us if you do.',
    'Còn bản quyền; chưa rõ của ai. Nếu biết, xin cho chúng tôi hay.',
  ),
  rs(
    'NoC-CR',
    'No copyright, contractual restrictions',
    'Không có bản quyền, hạn chế theo hợp đồng',
    'Free of copyright, but a contract limits its use.',
    'Không có bản quyền, nhưng hợp đồng hạn chế việc sử dụng.',
  ),
  rs(
    'NoC-NC',
    'No copyright, non-commercial use only',
    'Không có bản quyền, chỉ dùng phi thương mại',
    'Free of copyright; commercial use is limited for a time.',
    'Không có bản quyền; việc dùng thương mại bị hạn chế trong một thời gian.',
  ),
  rs(
    'NoC-OKLR',
    'No copyright, other legal restrictions',
    'Không có bản quyền, có hạn chế pháp lý khác',
    'Free of copyright, but another law limits its use.',
    'Không có bản quyền, nhưng luật khác hạn chế việc sử dụng.',
  ),
  rs(
    'NoC-US',
    'No copyright, United States',
    'Không có bản quyền tại Hoa Kỳ',
    'Free of copyright in the United States; check elsewhere.',
    'Không có bản quyền tại Hoa Kỳ; nơi khác cần kiểm tra.',
  ),
  rs(
    'CNE',
    'Copyright not evaluated',
    'Chưa xác định bản quyền',
    'Nobody has checked the copyright yet. Ask before you use it.',
    'Chưa ai kiểm tra bản quyền. Hãy hỏi trước khi dùng.',
  ),
  rs(
    'UND',
    'Copyright undetermined',
    'Không xác định được bản quyền',
    'We checked and could not tell. Ask before you use it.',
    'Đã kiểm tra mà không xác định được. Hãy hỏi trước khi dùng.',
  ),
  rs(
    'NKC',
    'No known copyright',
    'Không rõ có bản quyền hay không',
    'We believe there is no copyright, but cannot promise it.',
    'Chúng tôi cho rằng không còn bản quyền nhưng không thể cam đoan.',
  ),
];

/** The statement with that URI, or undefined: an unknown URI is refused, never published. */
export function findRights(uri: string | null | undefined): RightsStatement | undefined {
  return rightsStatements.find((statement) => statement.uri === uri);
}
