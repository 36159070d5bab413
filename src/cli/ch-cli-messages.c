#include "config.h"

#include "cli/ch-cli-messages.h"

CH_WIRE_DEFINE (ChCliRun, ch_cli_run_report, CH_CLI_RUN_FIELDS, "cli-run")
CH_WIRE_DEFINE (ChCliDone, ch_cli_done, CH_CLI_DONE_FIELDS, "cli-done")
CH_WIRE_DEFINE (ChCliField, ch_cli_field, CH_CLI_FIELD_FIELDS, "cli-field")
CH_WIRE_DEFINE (ChCliStep, ch_cli_step, CH_CLI_STEP_FIELDS, "cli-step")
CH_WIRE_DEFINE (ChCliFlow, ch_cli_flow, CH_CLI_FLOW_FIELDS, "cli-flow")
CH_WIRE_DEFINE (ChCliFlowList, ch_cli_flow_list, CH_CLI_FLOW_LIST_FIELDS, "cli-flow-list")
CH_WIRE_DEFINE (ChCliProjectList, ch_cli_project_list, CH_CLI_PROJECT_LIST_FIELDS, "cli-project-list")
CH_WIRE_DEFINE (ChCliNeed, ch_cli_need, CH_CLI_NEED_FIELDS, "cli-need")
CH_WIRE_DEFINE (ChCliFlowNeeds, ch_cli_flow_needs, CH_CLI_FLOW_NEEDS_FIELDS, "cli-flow-needs")
CH_WIRE_DEFINE (ChCliObject, ch_cli_object, CH_CLI_OBJECT_FIELDS, "cli-object")
CH_WIRE_DEFINE (ChCliToken, ch_cli_token, CH_CLI_TOKEN_FIELDS, "cli-token")
CH_WIRE_DEFINE (ChCliTokenList, ch_cli_token_list, CH_CLI_TOKEN_LIST_FIELDS, "cli-token-list")
CH_WIRE_DEFINE (ChCliCert, ch_cli_cert, CH_CLI_CERT_FIELDS, "cli-cert")
CH_WIRE_DEFINE (ChCliCheck, ch_cli_check, CH_CLI_CHECK_FIELDS, "cli-check")
CH_WIRE_DEFINE (ChCliVerify, ch_cli_verify, CH_CLI_VERIFY_FIELDS, "cli-verify")
CH_WIRE_DEFINE (ChCliVerifyMany, ch_cli_verify_many, CH_CLI_VERIFY_MANY_FIELDS, "verify-many")
CH_WIRE_DEFINE (ChCliAnswers, ch_cli_answers, CH_CLI_ANSWERS_FIELDS, "cli-answers")
CH_WIRE_DEFINE (ChCliPrepared, ch_cli_prepared, CH_CLI_PREPARED_FIELDS, "cli-prepared")
CH_WIRE_DEFINE (ChCliPreparedList, ch_cli_prepared_list, CH_CLI_PREPARED_LIST_FIELDS, "cli-prepared-list")
