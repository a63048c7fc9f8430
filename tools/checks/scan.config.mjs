// The rules by which n8n verifies a community node, as its scanner applies them. The scanner's own command wants a published version.

import { buildScanConfig } from '@n8n/scan-community-package/scanner/scanner.mjs';

export default await buildScanConfig();
