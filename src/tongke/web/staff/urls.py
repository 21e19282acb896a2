"""Addresses of the staff pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.staff import account, approvals, orgs, people, roles, sign_in, single_sign_on, trail

urlpatterns = [
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/code", sign_in.SecondStep.as_view(), name="sign-in-code"),
    path("sign-in/oidc", single_sign_on.Away.as_view(), name="sign-in-oidc"),
    path("sign-in/oidc/back", single_sign_on.Back.as_view(), name="sign-in-oidc-back"),
    path("sign-out", sign_in.SignOut.as_view(), name="sign-out"),
    path("posts/switch", sign_in.SwitchPost.as_view(), name="switch-post"),
    path("account", account.Account.as_view(), name="account"),
    path("account/sessions", account.EndSessions.as_view(), name="account-sessions"),
    path("account/password", account.Password.as_view(), name="account-password"),
    path("account/second-factor", account.SecondFactor.as_view(), name="account-second-factor"),
    path("approvals", approvals.Approvals.as_view(), name="approvals"),
    path("approvals/<uuid:approval_id>", approvals.Approval.as_view(), name="approval"),
    path("audit", trail.Trail.as_view(), name="audit"),
    path("audit/<str:key>", trail.TrailEntry.as_view(), name="audit-entry"),
    path("looks", trail.Looks.as_view(), name="looks"),
    path("admin/orgs", orgs.Orgs.as_view(), name="orgs"),
    path("admin/orgs/new", orgs.OrgNew.as_view(), name="org-new"),
    path("admin/orgs/<int:org_id>", orgs.OrgEdit.as_view(), name="org"),
    path("admin/orgs/<int:org_id>/active", orgs.OrgActive.as_view(), name="org-active"),
    path("admin/staff", people.People.as_view(), name="staff"),
    path("admin/staff/new", people.PersonNew.as_view(), name="staff-new"),
    path("admin/staff/<uuid:staff_id>", people.Person.as_view(), name="person"),
    path("admin/staff/<uuid:staff_id>/edit", people.PersonEdit.as_view(), name="person-edit"),
    path("admin/staff/<uuid:staff_id>/posts/new", people.PostNew.as_view(), name="post-new"),
    path("admin/staff/<uuid:staff_id>/posts/<uuid:post_id>", people.PostRoles.as_view(), name="post-roles"),
    path("admin/staff/<uuid:staff_id>/posts/<uuid:post_id>/end", people.PostEnd.as_view(), name="post-end"),
    path("admin/roles", roles.Roles.as_view(), name="roles"),
    path("admin/roles/new", roles.RoleEdit.as_view(), name="role-new"),
    path("admin/roles/<str:code>", roles.RoleView.as_view(), name="role"),
    path("admin/roles/<str:code>/edit", roles.RoleEdit.as_view(), name="role-edit"),
    path("admin/policy", roles.Policy.as_view(), name="policy"),
]
