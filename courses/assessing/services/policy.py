"""The policy of a rule set, and who may examine by it."""

from django.core.exceptions import ValidationError

from courses.assessing import rules
from courses.assessing.shared.models import AssessmentPolicy
from courses.directory.models import RuleSet
from courses.models import TrainingClass
from tenants.staff.models import User
from tenants.verdict import Verdict, faults_of


def policy_of(rule_set: RuleSet) -> AssessmentPolicy:
    """The centre's, or the defaults."""
    found = AssessmentPolicy.objects.filter(rule_set=rule_set).first()
    return found or AssessmentPolicy(rule_set=rule_set)


def examiner_verdict(training_class: TrainingClass, who: User) -> Verdict:
    rule_set = training_class.rule_set
    apart = policy_of(rule_set).apart
    return rules.examiner(who.pk, training_class.trainer_id, apart, str(rule_set))


def refuse_trainer(training_class: TrainingClass, who: User) -> None:
    """Raises ValidationError when the policy lets nobody examine whom they have taught."""
    if faults := faults_of([examiner_verdict(training_class, who)]):
        raise ValidationError(faults)
