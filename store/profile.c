/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two tables. The floor of 300 dpi in colour is the default of G91-02; grey and line art are for
 * types whose paper holds no colour. */
#include <string.h>

#include "profile.h"

static const struct profile profiles[] = {
    {"color300", "カラー 300dpi（標準）", "Colour 300 dpi (standard)", 300, "color", ""},
    {"color300-duplex", "カラー 300dpi 両面", "Colour 300 dpi, both sides", 300, "color", "duplex"},
    {"color300-flatbed", "カラー 300dpi ガラス面", "Colour 300 dpi, glass", 300, "color",
	"flatbed"},
    {"color400", "カラー 400dpi（細かい文字・写真）", "Colour 400 dpi (small print, photographs)",
	400, "color", ""},
    {"grey300", "グレー 300dpi", "Grey 300 dpi", 300, "grey", ""},
    {"lineart300", "白黒 300dpi（文字だけの用紙）", "Black and white 300 dpi (text only)", 300,
	"lineart", ""},
};

/* legal_retention: on the e-document ordinance's list (G3-03); others are kept by the operating
 * ordinances (G3-05). */
static const struct document_type types[] = {
    {"home_care_plan", "訪問介護計画書", "Home care plan", "G92", false, "G3-05"},
    {"service_record", "サービス提供記録", "Service record", "G92", false, "G3-05"},
    {"assessment", "アセスメントシート", "Assessment sheet", "G92", false, "G3-05"},
    {"contract", "契約書", "Contract", "G92", false, "G3-05"},
    {"explanation", "重要事項説明書", "Statement of important matters", "G92", false, "G3-05"},
    {"consent", "同意書", "Consent form", "G92", false, "G3-05"},
    {"insurance_card", "被保険者証", "Insurance card (copy)", "G95", false, "G3-05"},
    {"nursing_order", "訪問看護指示書", "Home nursing order", "G92", true, "G3-03"},
    {"nursing_plan", "訪問看護計画書", "Home nursing plan", "G92", true, "G3-03"},
    {"nursing_report", "訪問看護報告書", "Home nursing report", "G92", true, "G3-03"},
    {"monitoring", "モニタリング記録", "Monitoring record", "G92", false, "G3-05"},
    {"accident_report", "事故報告書", "Accident report", "G92", false, "G3-05"},
    {"complaint", "苦情受付票", "Complaint form", "G92", false, "G3-05"},
    {"care_plan_1", "居宅サービス計画書（第1表）", "Care plan, table 1", "G92", false, "G3-05"},
    {"care_plan_2", "居宅サービス計画書（第2表）", "Care plan, table 2", "G92", false, "G3-05"},
    {"care_plan_3", "週間サービス計画表（第3表）", "Care plan, table 3", "G92", false, "G3-05"},
    {"usage_slip", "サービス利用票", "Service usage slip", "G92", false, "G3-05"},
    {"facility_plan", "施設サービス計画書", "Facility service plan", "G92", true, "G3-03"},
    {"other", "その他", "Other", "G95", false, "G3-05"},
};

const struct profile *
profile_find(const char *id)
{
	if (id[0] == '\0')
		return &profiles[0];
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (strcmp(profiles[i].id, id) == 0)
			return &profiles[i];
	return NULL;
}

json_t *
profiles_json(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		const struct profile *p = &profiles[i];

		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:s,s:i,s:s,s:s}", "id", p->id, "ja", p->ja, "en",
			      p->en, "dpi", (int)p->dpi, "mode", p->mode, "source", p->source));
	}
	return json_pack("{s:o}", "profiles", list);
}

const struct document_type *
type_find(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].id, name) == 0 || strcmp(types[i].ja, name) == 0 ||
		    strcmp(types[i].en, name) == 0)
			return &types[i];
	return NULL;
}

json_t *
types_json(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const struct document_type *t = &types[i];

		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:s,s:s,s:b,s:s}", "id", t->id, "ja", t->ja, "en",
			      t->en, "regime", t->regime, "legal_retention", t->legal_retention,
			      "basis", t->basis));
	}
	return json_pack("{s:o}", "types", list);
}
