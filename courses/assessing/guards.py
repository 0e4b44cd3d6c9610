"""What the database itself keeps of an assessment: whoever writes, by whatever way."""

from tenants.append_only import PUTTING_BACK
from tenants.guards import Guard

_REFUSE = "USING ERRCODE = 'check_violation'"

#: Who examines, marks or enters scores is not the trainer of the class, unless the policy lets them.
_EXAMINER = f"""
CREATE OR REPLACE FUNCTION public.guard_examiner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_now jsonb := to_jsonb(NEW);
    who bigint;
    base record;
BEGIN
    IF current_setting('{PUTTING_BACK}', true) = 'on' THEN
        RETURN NEW;
    END IF;
    who := coalesce(is_now ->> 'user_id', is_now ->> 'examiner_id', is_now ->> 'entered_by_id')::bigint;
    EXECUTE format(
        'SELECT c.trainer_id, coalesce(p.apart, true) AS apart FROM %1$I.courses_trainingclass c'
        ' LEFT JOIN public.assessing_policy_assessmentpolicy p ON p.rule_set_id = c.rule_set_id'
        ' WHERE c.id = coalesce('
        ' (SELECT training_class_id FROM %1$I.assessing_sitting WHERE id = $1),'
        ' (SELECT s.training_class_id FROM %1$I.assessing_attempt a'
        ' JOIN %1$I.assessing_sitting s ON s.id = a.sitting_id WHERE a.id = $2),'
        ' (SELECT training_class_id FROM %1$I.courses_enrolment WHERE id = $3))',
        TG_TABLE_SCHEMA) INTO base USING (is_now ->> 'sitting_id')::bigint,
            (is_now ->> 'attempt_id')::bigint, (is_now ->> 'enrolment_id')::bigint;
    IF base.apart AND base.trainer_id = who THEN
        RAISE EXCEPTION '%: the examiner is the trainer of the class', TG_TABLE_NAME {_REFUSE};
    END IF;
    RETURN NEW;
END
$$
"""

#: Answers are written while somebody sits; of a paper, until its sitting is closed.
_ANSWER = f"""
CREATE OR REPLACE FUNCTION public.guard_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    base record;
    said record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        said := OLD;
    ELSE
        said := NEW;
    END IF;
    IF current_setting('{PUTTING_BACK}', true) = 'on' THEN
        RETURN said;
    END IF;
    EXECUTE format('SELECT a.state, s.how, s.state AS sitting FROM %1$I.assessing_attempt a'
        ' JOIN %1$I.assessing_sitting s ON s.id = a.sitting_id WHERE a.id = $1',
        TG_TABLE_SCHEMA) INTO base USING said.attempt_id;
    IF base.sitting <> 'open' OR (base.state <> 'started' AND base.how <> 'paper') THEN
        RAISE EXCEPTION 'answer of attempt %: it was handed in', said.attempt_id {_REFUSE};
    END IF;
    RETURN said;
END
$$
"""


class AssessingGuard(Guard):
    """A migration's step, as `certificates.law` has them."""

    functions = {"guard_examiner": _EXAMINER, "guard_answer": _ANSWER}
