#pragma once

#include <string_view>

namespace dealtrail::profiles {

/// The built-in profile `bitrix24`: saved answers of a portal's REST methods, old spelling and new (SP.11).
///
/// Which smart process is a channel, an announcement or an event is the portal's own matter: a profile that extends
/// this one says so by `methods` of its own over `crm_item_list_<entityTypeId>` files. `docs/io/bitrix24.md` has the
/// table of methods and examples.
inline constexpr std::string_view bitrix24 = R"json({
  "profile": "bitrix24",
  "source": "bitrix24",
  "notes": "Saved answers of Bitrix24 REST methods. Patterns take dots, dashes and underscores in file names alike.",
  "spellings": "snake_camel",
  "page": {
    "records": [
      "result[]", "result", "result.items[]", "result.item",
      "result.result[]", "result.result.*", "result.result.*[]", "result.result.*.items[]", "result.result.*.item"
    ],
    "errors": ["error_description", "result.result_error.*"],
    "next": "next",
    "total": "total",
    "batch_next": "result.result_next.*",
    "batch_total": "result.result_total.*"
  },
  "maps": {
    "deal_outcome": {"S": "won", "F": "lost", "P": "open"},
    "deal_stage_outcome": {
      "WON": "won", "*:WON": "won", "LOSE": "lost", "*:LOSE": "lost", "APOLOGY": "lost", "*:APOLOGY": "lost", "*": null
    },
    "lead_outcome": {"S": "converted", "F": "junk", "P": "open"},
    "lead_status_outcome": {"CONVERTED": "converted", "JUNK": "junk", "*": null},
    "contact_point": {"PHONE": "phone", "EMAIL": "email"},
    "activity": {"1": "meeting", "2": "call", "3": "task", "4": "letter", "*": "other"},
    "provider": {
      "CRM_MEETING": "meeting", "VOXIMPLANT_CALL": "call", "CRM_CALL": "call", "CRM_TODO": "task", "CRM_TASKS_TASK": "task",
      "TASKS": "task", "CRM_EMAIL": "letter", "CRM_SMS": "letter", "IMOPENLINES_SESSION": "chat", "CRM_WEBFORM": "form", "*": null
    }
  },
  "methods": {
    "crm.deal.list": {
      "files": ["*crm?deal?list*", "*crm?deal?get*", "*crm?item?list?deal*"],
      "notes": "Also crm.deal.get, and crm.item.list of deals saved under a name that says so.",
      "puts": [
        {
          "put": "deals",
          "id": "ID",
          "version": ["DATE_MODIFY", "updatedTime"],
          "set": {
            "person": "CONTACT_ID",
            "company": "COMPANY_ID",
            "lead": "LEAD_ID",
            "touch": {
              "concat": [{"const": "deal"}, "ID"], "sep": ":",
              "when": {"any": [
                {"field": "UTM_SOURCE", "op": "null", "value": false},
                {"field": "UTM_MEDIUM", "op": "null", "value": false},
                {"field": "UTM_CAMPAIGN", "op": "null", "value": false},
                {"field": "UTM_CONTENT", "op": "null", "value": false},
                {"field": "UTM_TERM", "op": "null", "value": false}
              ]}
            },
            "manager": "ASSIGNED_BY_ID",
            "pipeline": "CATEGORY_ID",
            "stage": "STAGE_ID",
            "outcome": [
              {"map": "STAGE_SEMANTIC_ID", "with": "deal_outcome"},
              {"map": "STAGE_ID", "with": "deal_stage_outcome"}
            ],
            "created_at": ["DATE_CREATE", "createdTime"],
            "closed_at": {"column": "CLOSEDATE", "when": {"field": "CLOSED", "op": "eq", "value": "Y"}},
            "expected_close": {"column": "CLOSEDATE", "when": {"field": "CLOSED", "op": "eq", "value": "N"}},
            "probability": {"mul": ["PROBABILITY", {"const": 0.01}]},
            "amount": "OPPORTUNITY",
            "currency": "CURRENCY_ID",
            "vat": {"column": "TAX_VALUE", "when": {"field": "TAX_VALUE", "op": "ne", "value": 0}}
          }
        },
        {
          "put": "touches",
          "when": {"any": [
            {"field": "UTM_SOURCE", "op": "null", "value": false},
            {"field": "UTM_MEDIUM", "op": "null", "value": false},
            {"field": "UTM_CAMPAIGN", "op": "null", "value": false},
            {"field": "UTM_CONTENT", "op": "null", "value": false},
            {"field": "UTM_TERM", "op": "null", "value": false}
          ]},
          "id": {"concat": [{"const": "deal"}, "ID"], "sep": ":"},
          "version": ["DATE_MODIFY", "updatedTime"],
          "set": {
            "person": "CONTACT_ID",
            "at": ["DATE_CREATE", "createdTime"],
            "kind": {"const": "visit"},
            "utm_source": "UTM_SOURCE",
            "utm_medium": "UTM_MEDIUM",
            "utm_campaign": "UTM_CAMPAIGN",
            "utm_content": "UTM_CONTENT",
            "utm_term": "UTM_TERM"
          }
        }
      ]
    },
    "crm.lead.list": {
      "files": ["*crm?lead?list*", "*crm?lead?get*", "*crm?item?list?lead*"],
      "notes": "Also crm.lead.get, and crm.item.list of leads saved under a name that says so.",
      "puts": [
        {
          "put": "leads",
          "id": "ID",
          "version": ["DATE_MODIFY", "updatedTime"],
          "set": {
            "person": "CONTACT_ID",
            "company": "COMPANY_ID",
            "touch": {
              "concat": [{"const": "lead"}, "ID"], "sep": ":",
              "when": {"any": [
                {"field": "UTM_SOURCE", "op": "null", "value": false},
                {"field": "UTM_MEDIUM", "op": "null", "value": false},
                {"field": "UTM_CAMPAIGN", "op": "null", "value": false},
                {"field": "UTM_CONTENT", "op": "null", "value": false},
                {"field": "UTM_TERM", "op": "null", "value": false},
                {"field": "WEBFORM_ID", "op": "gt", "value": 0}
              ]}
            },
            "manager": "ASSIGNED_BY_ID",
            "stage": ["STATUS_ID", "STAGE_ID"],
            "outcome": [
              {"map": ["STATUS_SEMANTIC_ID", "STAGE_SEMANTIC_ID"], "with": "lead_outcome"},
              {"map": ["STATUS_ID", "STAGE_ID"], "with": "lead_status_outcome"}
            ],
            "created_at": ["DATE_CREATE", "createdTime"]
          }
        },
        {
          "put": "touches",
          "when": {"any": [
            {"field": "UTM_SOURCE", "op": "null", "value": false},
            {"field": "UTM_MEDIUM", "op": "null", "value": false},
            {"field": "UTM_CAMPAIGN", "op": "null", "value": false},
            {"field": "UTM_CONTENT", "op": "null", "value": false},
            {"field": "UTM_TERM", "op": "null", "value": false},
            {"field": "WEBFORM_ID", "op": "gt", "value": 0}
          ]},
          "id": {"concat": [{"const": "lead"}, "ID"], "sep": ":"},
          "version": ["DATE_MODIFY", "updatedTime"],
          "set": {
            "person": "CONTACT_ID",
            "phone": "PHONE[0].VALUE",
            "at": ["DATE_CREATE", "createdTime"],
            "kind": [{"const": "form", "when": {"field": "WEBFORM_ID", "op": "gt", "value": 0}}, {"const": "visit"}],
            "form": {"column": "WEBFORM_ID", "when": {"field": "WEBFORM_ID", "op": "gt", "value": 0}},
            "utm_source": "UTM_SOURCE",
            "utm_medium": "UTM_MEDIUM",
            "utm_campaign": "UTM_CAMPAIGN",
            "utm_content": "UTM_CONTENT",
            "utm_term": "UTM_TERM"
          }
        }
      ]
    },
    "crm.contact.list": {
      "files": ["*crm?contact?list*", "*crm?contact?get*", "*crm?item?list?contact*"],
      "puts": [
        {
          "put": "people",
          "id": "ID",
          "version": ["DATE_MODIFY", "updatedTime"],
          "set": {
            "name": {"concat": ["NAME", "SECOND_NAME", "LAST_NAME"], "sep": " "},
            "company": "COMPANY_ID",
            "region": "ADDRESS_REGION",
            "responsible": "ASSIGNED_BY_ID"
          }
        },
        {
          "put": "contact_points",
          "name": "phones",
          "for_each": "PHONE",
          "id": {"concat": [{"const": "contact"}, "^ID", "ID"], "sep": ":"},
          "set": {"person": "^ID", "kind": {"const": "phone"}, "value": "VALUE"}
        },
        {
          "put": "contact_points",
          "name": "emails",
          "for_each": "EMAIL",
          "id": {"concat": [{"const": "contact"}, "^ID", "ID"], "sep": ":"},
          "set": {"person": "^ID", "kind": {"const": "email"}, "value": "VALUE"}
        },
        {
          "put": "contact_points",
          "name": "messengers",
          "for_each": "IM",
          "when": {"field": "VALUE_TYPE", "op": "eq", "value": "TELEGRAM"},
          "id": {"concat": [{"const": "contact"}, "^ID", "ID"], "sep": ":"},
          "set": {"person": "^ID", "kind": {"const": "telegram"}, "value": "VALUE"}
        },
        {
          "put": "contact_points",
          "name": "multifields",
          "for_each": "FM",
          "when": {"field": "TYPE_ID", "op": "in", "value": ["PHONE", "EMAIL"]},
          "id": {"concat": [{"const": "contact"}, "^ID", "ID"], "sep": ":"},
          "set": {"person": "^ID", "kind": {"map": "TYPE_ID", "with": "contact_point"}, "value": "VALUE"}
        },
        {
          "put": "touches",
          "when": {"all": [
            {"any": [
              {"field": "DATE_CREATE", "op": "null", "value": false},
              {"field": "createdTime", "op": "null", "value": false}
            ]},
            {"any": [
              {"field": "UTM_SOURCE", "op": "null", "value": false},
              {"field": "UTM_MEDIUM", "op": "null", "value": false},
              {"field": "UTM_CAMPAIGN", "op": "null", "value": false},
              {"field": "UTM_CONTENT", "op": "null", "value": false},
              {"field": "UTM_TERM", "op": "null", "value": false}
            ]}
          ]},
          "id": {"concat": [{"const": "contact"}, "ID"], "sep": ":"},
          "version": ["DATE_MODIFY", "updatedTime"],
          "set": {
            "person": "ID",
            "at": ["DATE_CREATE", "createdTime"],
            "kind": {"const": "visit"},
            "utm_source": "UTM_SOURCE",
            "utm_medium": "UTM_MEDIUM",
            "utm_campaign": "UTM_CAMPAIGN",
            "utm_content": "UTM_CONTENT",
            "utm_term": "UTM_TERM"
          }
        }
      ]
    },
    "crm.company.list": {
      "files": ["*crm?company?list*", "*crm?company?get*", "*crm?item?list?company*"],
      "notes": "A company of type PARTNER is a partner, too.",
      "puts": [
        {
          "put": "companies",
          "id": "ID",
          "version": ["DATE_MODIFY", "updatedTime"],
          "set": {
            "name": "TITLE",
            "kind": ["COMPANY_TYPE", "typeId"],
            "region": "ADDRESS_REGION",
            "responsible": "ASSIGNED_BY_ID"
          }
        },
        {
          "put": "partners",
          "when": {"any": [
            {"field": "COMPANY_TYPE", "op": "eq", "value": "PARTNER"},
            {"field": "typeId", "op": "eq", "value": "PARTNER"}
          ]},
          "id": "ID",
          "version": ["DATE_MODIFY", "updatedTime"],
          "set": {"name": ["TITLE", "ID"], "company": "ID"}
        },
        {
          "put": "contact_points",
          "name": "phones",
          "for_each": "PHONE",
          "id": {"concat": [{"const": "company"}, "^ID", "ID"], "sep": ":"},
          "set": {"company": "^ID", "kind": {"const": "phone"}, "value": "VALUE"}
        },
        {
          "put": "contact_points",
          "name": "emails",
          "for_each": "EMAIL",
          "id": {"concat": [{"const": "company"}, "^ID", "ID"], "sep": ":"},
          "set": {"company": "^ID", "kind": {"const": "email"}, "value": "VALUE"}
        },
        {
          "put": "contact_points",
          "name": "multifields",
          "for_each": "FM",
          "when": {"field": "TYPE_ID", "op": "in", "value": ["PHONE", "EMAIL"]},
          "id": {"concat": [{"const": "company"}, "^ID", "ID"], "sep": ":"},
          "set": {"company": "^ID", "kind": {"map": "TYPE_ID", "with": "contact_point"}, "value": "VALUE"}
        }
      ]
    },
    "crm.item.list": {
      "files": ["*crm?item?list*", "*crm?item?get*"],
      "notes": "A record that says its entityTypeId as a lead (1), deal (2), contact (3) or company (4) is read so, without tags and phones; what a smart process holds is told by a profile that extends this one.",
      "puts": [
        {
          "put": "leads",
          "when": {"field": "entityTypeId", "op": "eq", "value": 1},
          "id": "id",
          "version": "updatedTime",
          "set": {
            "person": "contactId",
            "company": "companyId",
            "manager": "assignedById",
            "stage": "stageId",
            "outcome": [
              {"map": "stageSemanticId", "with": "lead_outcome"},
              {"map": "stageId", "with": "lead_status_outcome"}
            ],
            "created_at": "createdTime"
          }
        },
        {
          "put": "deals",
          "when": {"field": "entityTypeId", "op": "eq", "value": 2},
          "id": "id",
          "version": "updatedTime",
          "set": {
            "person": "contactId",
            "company": "companyId",
            "lead": "leadId",
            "manager": "assignedById",
            "pipeline": "categoryId",
            "stage": "stageId",
            "outcome": [
              {"map": "stageSemanticId", "with": "deal_outcome"},
              {"map": "stageId", "with": "deal_stage_outcome"}
            ],
            "created_at": "createdTime",
            "closed_at": {"column": "closedate", "when": {"field": "closed", "op": "eq", "value": "Y"}},
            "expected_close": {"column": "closedate", "when": {"field": "closed", "op": "eq", "value": "N"}},
            "amount": "opportunity",
            "currency": "currencyId"
          }
        },
        {
          "put": "people",
          "when": {"field": "entityTypeId", "op": "eq", "value": 3},
          "id": "id",
          "version": "updatedTime",
          "set": {"name": {"concat": ["name", "secondName", "lastName"], "sep": " "}, "company": "companyId", "responsible": "assignedById"}
        },
        {
          "put": "companies",
          "when": {"field": "entityTypeId", "op": "eq", "value": 4},
          "id": "id",
          "version": "updatedTime",
          "set": {"name": "title", "kind": "typeId", "responsible": "assignedById"}
        }
      ]
    },
    "crm.stagehistory.list": {
      "files": ["*stagehistory*", "*stage?history*"],
      "notes": "Moves of deals; those of leads under a name with 'lead' in it.",
      "puts": [
        {
          "put": "moves",
          "id": {"concat": [{"const": "deal"}, "ID"], "sep": ":"},
          "set": {
            "deal": "OWNER_ID",
            "field": {"const": "stage"},
            "pipeline": "CATEGORY_ID",
            "to": ["STAGE_ID", "STATUS_ID"],
            "at": "CREATED_TIME"
          }
        }
      ]
    },
    "crm.stagehistory.list of leads": {
      "files": ["*stagehistory*lead*", "*stage?history*lead*", "*lead*stagehistory*"],
      "puts": [
        {
          "put": "moves",
          "id": {"concat": [{"const": "lead"}, "ID"], "sep": ":"},
          "set": {"lead": "OWNER_ID", "field": {"const": "stage"}, "to": ["STATUS_ID", "STAGE_ID"], "at": "CREATED_TIME"}
        }
      ]
    },
    "crm.activity.list": {
      "files": ["*crm?activity?list*", "*crm?activity?get*"],
      "puts": [
        {
          "put": "activities",
          "id": "ID",
          "version": "LAST_UPDATED",
          "set": {
            "kind": [{"map": "PROVIDER_ID", "with": "provider"}, {"map": "TYPE_ID", "with": "activity"}],
            "lead": {"column": "OWNER_ID", "when": {"field": "OWNER_TYPE_ID", "op": "eq", "value": 1}},
            "deal": {"column": "OWNER_ID", "when": {"field": "OWNER_TYPE_ID", "op": "eq", "value": 2}},
            "person": {"column": "OWNER_ID", "when": {"field": "OWNER_TYPE_ID", "op": "eq", "value": 3}},
            "company": {"column": "OWNER_ID", "when": {"field": "OWNER_TYPE_ID", "op": "eq", "value": 4}},
            "manager": "RESPONSIBLE_ID",
            "at": ["CREATED", "START_TIME"],
            "due_at": "DEADLINE",
            "done_at": {"coalesce": ["END_TIME", "LAST_UPDATED"], "when": {"field": "COMPLETED", "op": "eq", "value": "Y"}},
            "note": "SUBJECT"
          },
          "defaults": {"kind": "other"}
        }
      ]
    },
    "crm.quote.list": {
      "files": ["*crm?quote?list*", "*crm?quote?get*"],
      "notes": "A quote is an offer made to a client: an activity.",
      "puts": [
        {
          "put": "activities",
          "id": {"concat": [{"const": "quote"}, "ID"], "sep": ":"},
          "version": "DATE_MODIFY",
          "set": {
            "kind": {"const": "offer"},
            "person": "CONTACT_ID",
            "company": "COMPANY_ID",
            "deal": "DEAL_ID",
            "lead": "LEAD_ID",
            "manager": "ASSIGNED_BY_ID",
            "at": ["DATE_CREATE", "BEGINDATE"],
            "due_at": "CLOSEDATE",
            "note": "TITLE"
          }
        }
      ]
    },
    "crm.deal.contact.items.get": {
      "files": ["*crm?deal?contact?items?get*"],
      "notes": "Contacts of a deal. The answer does not name the deal: in a batch the command is named by its id.",
      "puts": [
        {"put": "people", "stub": true, "id": "CONTACT_ID"},
        {
          "put": "roles",
          "when": {"field": "*", "op": "gt", "value": 0},
          "id": {"concat": [{"const": "deal"}, "*", "CONTACT_ID"], "sep": ":"},
          "set": {"of_deal": "*", "person": "CONTACT_ID", "role": {"const": "contact"}}
        }
      ]
    },
    "crm.lead.contact.items.get": {
      "files": ["*crm?lead?contact?items?get*"],
      "puts": [
        {"put": "people", "stub": true, "id": "CONTACT_ID"},
        {
          "put": "roles",
          "when": {"field": "*", "op": "gt", "value": 0},
          "id": {"concat": [{"const": "lead"}, "*", "CONTACT_ID"], "sep": ":"},
          "set": {"of_lead": "*", "person": "CONTACT_ID", "role": {"const": "contact"}}
        }
      ]
    },
    "crm.company.contact.items.get": {
      "files": ["*crm?company?contact?items?get*"],
      "puts": [
        {"put": "people", "stub": true, "id": "CONTACT_ID"},
        {
          "put": "roles",
          "when": {"field": "*", "op": "gt", "value": 0},
          "id": {"concat": [{"const": "company"}, "*", "CONTACT_ID"], "sep": ":"},
          "set": {"of_company": "*", "person": "CONTACT_ID", "role": {"const": "contact"}}
        }
      ]
    },
    "crm.contact.company.items.get": {
      "files": ["*crm?contact?company?items?get*"],
      "puts": [
        {"put": "companies", "stub": true, "id": "COMPANY_ID"},
        {
          "put": "roles",
          "when": {"field": "*", "op": "gt", "value": 0},
          "id": {"concat": [{"const": "company"}, "COMPANY_ID", "*"], "sep": ":"},
          "set": {"of_company": "COMPANY_ID", "person": "*", "role": {"const": "contact"}}
        }
      ]
    },
    "crm.quote.contact.items.get": {
      "files": ["*crm?quote?contact?items?get*"],
      "notes": "Contacts of an offer: only that they exist.",
      "puts": [{"put": "people", "stub": true, "id": "CONTACT_ID"}]
    },
    "crm.requisite.list": {
      "files": ["*crm?requisite?list*", "*crm?requisite?get*"],
      "notes": "Taxpayer numbers of companies (4) and contacts (3) whose cards are not in the export; a card beats them.",
      "puts": [
        {
          "put": "companies",
          "stub": true,
          "when": {"field": "ENTITY_TYPE_ID", "op": "eq", "value": 4},
          "id": "ENTITY_ID",
          "set": {"inn": "RQ_INN", "kpp": "RQ_KPP"}
        },
        {
          "put": "people",
          "stub": true,
          "when": {"field": "ENTITY_TYPE_ID", "op": "eq", "value": 3},
          "id": "ENTITY_ID",
          "set": {"inn": "RQ_INN"}
        }
      ]
    },
    "crm.item.payment.list": {
      "files": ["*crm?item?payment?list*", "*crm?item?payment?get*"],
      "notes": "Paid payments. The answer does not name the deal: in a batch the command is named by its id.",
      "puts": [
        {
          "put": "payments",
          "when": {"field": "paid", "op": "eq", "value": "Y"},
          "id": {"concat": [{"const": "payment"}, "id"], "sep": ":"},
          "set": {
            "deal": {"column": "*", "when": {"field": "*", "op": "gt", "value": 0}},
            "at": "datePaid",
            "kind": {"const": "sale"},
            "amount": "sum",
            "currency": "currency",
            "sales_channel": "paySystemName"
          }
        }
      ]
    },
    "user.get": {
      "files": ["*user?get*", "*user?search*"],
      "puts": [
        {
          "put": "managers",
          "id": "ID",
          "set": {"name": [{"concat": ["NAME", "LAST_NAME"], "sep": " "}, "EMAIL", "ID"], "team": "UF_DEPARTMENT[0]"}
        }
      ]
    },
    "voximplant.statistic.get": {
      "files": ["*voximplant?statistic?get*"],
      "notes": "Calls of clients: incoming (2), redirected (3), asked for (4). An outgoing call is no touch; the portal keeps it as an activity.",
      "when": {"field": "CALL_TYPE", "op": "in", "value": [2, 3, 4]},
      "puts": [
        {
          "put": "touches",
          "id": {"concat": [{"const": "call"}, "ID"], "sep": ":"},
          "set": {
            "person": {"column": "CRM_ENTITY_ID", "when": {"field": "CRM_ENTITY_TYPE", "op": "eq", "value": "CONTACT"}},
            "phone": "PHONE_NUMBER",
            "dialled_number": "PORTAL_NUMBER",
            "at": "CALL_START_DATE",
            "kind": {"const": "call"},
            "answered": {"map": "CALL_FAILED_CODE", "with": {"200": "Y", "*": "N"}},
            "seconds": "CALL_DURATION",
            "manager": "PORTAL_USER_ID"
          }
        }
      ]
    },
    "fields": {
      "files": ["*?fields?*", "*?fields"],
      "notes": "not facts: describes fields",
      "puts": []
    },
    "own fields": {
      "files": [
        "*userfield?list*", "*userfield?get*", "*user?field?list*", "*user?field?get*", "*userfieldconfig?list*", "*userfieldconfig?get*"
      ],
      "notes": "not facts: describes own fields",
      "puts": []
    },
    "forms of cards": {
      "files": ["*details?configuration?get*", "*settings?mode?get*"],
      "page": {"records": ["."]},
      "notes": "not facts: how cards look in the portal",
      "puts": []
    },
    "crm.category.list": {
      "files": ["*crm?category?list*", "*crm?category?get*"],
      "page": {"records": ["result.categories[]", "result.category", "result.result.*.categories[]"]},
      "notes": "not facts: names of pipelines; a deal's pipeline is the id of its category",
      "puts": []
    },
    "crm.status.list": {
      "files": ["*crm?status?list*", "*crm?status?get*", "*crm?status?entity*", "*dealcategory?stage?list*", "*dealcategory?list*"],
      "notes": "not facts: names of stages and dictionaries; a deal's outcome comes with the deal",
      "puts": []
    },
    "crm.type.list": {
      "files": ["*crm?type?list*", "*crm?type?get*"],
      "page": {"records": ["result.types[]", "result.type"]},
      "notes": "not facts: names of smart processes, for the profile that says what they hold",
      "puts": []
    },
    "product rows": {
      "files": ["*productrow?list*", "*productrow?get*", "*productrows?get*", "*product?rows?get*", "*product?rows?list*"],
      "page": {"records": ["result[]", "result.productRows[]", "result.productRow", "result.result.*.productRows[]", "result.result.*[]"]},
      "notes": "not facts of the trail: rows of a deal; their sum is the deal's amount",
      "puts": []
    },
    "payment and delivery rows": {
      "files": ["*payment?product?list*", "*payment?delivery?list*", "*item?delivery?list*", "*item?delivery?get*", "*order?entity?list*"],
      "notes": "not facts of the trail: what is in a payment, deliveries, orders of the shop",
      "puts": []
    },
    "recurring deals": {
      "files": ["*deal?recurring?list*", "*deal?recurring?get*"],
      "notes": "not facts: templates; the deals made from them are in crm.deal.list",
      "puts": []
    },
    "currencies": {
      "files": ["*crm?currency?*"],
      "page": {"records": ["."]},
      "notes": "not used: rates are in the portal's base currency, which the records do not name; put exchange_rates",
      "puts": []
    },
    "requisites": {
      "files": [
        "*requisite?bank?detail?*", "*requisite?bankdetail?*", "*requisite?link?*", "*requisite?preset?*", "*crm?address?list*", "*crm?vat?*"
      ],
      "notes": "not facts of the trail: bank details, addresses, templates of requisites, tax rates",
      "puts": []
    },
    "documents": {
      "files": ["*document?generator?*", "*documentgenerator?*"],
      "notes": "not facts of the trail: papers made from templates",
      "puts": []
    },
    "timeline": {
      "files": ["*crm?timeline?*"],
      "notes": "not facts of the trail: remarks and pictures of the staff; contacts with a client are in crm.activity.list",
      "puts": []
    },
    "parts of activities": {
      "files": [
        "*activity?badge?*", "*activity?binding?*", "*activity?layout?blocks?*", "*activity?type?list*", "*activity?configurable?get*"
      ],
      "notes": "not facts by themselves: names, looks and links of activities without their time; use crm.activity.list",
      "puts": []
    },
    "call lists": {
      "files": ["*crm?calllist?*"],
      "notes": "not facts: whom to call, not calls made; use voximplant.statistic.get",
      "puts": []
    },
    "automation": {
      "files": ["*automated?solution?*", "*automation?trigger?*", "*duplicate?volatile?type?*", "*crm?enum?*"],
      "notes": "not facts: settings of the portal",
      "puts": []
    },
    "writes and requests": {
      "files": ["*dealcategory?stage?list*.request.json", "*.request.json", "*crm?item?add*", "*?add?batch*", "*single?add*"],
      "page": {"records": ["."]},
      "notes": "not answers with facts: a request, or the answer to a write",
      "puts": []
    }
  }
})json";

}  // namespace dealtrail::profiles
