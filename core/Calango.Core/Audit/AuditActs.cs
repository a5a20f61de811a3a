namespace Calango.Core.Audit;

/// <summary>What is written down. Each is the end of a locale key <c>audit.act.{act}</c>.</summary>
public static class AuditActs
{
    /// <summary>The first account was made.</summary>
    public const string SetUp = "setUp";

    /// <summary>Somebody signed in.</summary>
    public const string SignedIn = "signedIn";

    /// <summary>An account's password was wrong, or tried while it rested.</summary>
    public const string SignInRefused = "signInRefused";

    /// <summary>A provider's login was refused; the subject has the provider and the reason.</summary>
    public const string LoginRefused = "loginRefused";

    /// <summary>Somebody who came with a provider's login was given an account.</summary>
    public const string AccountMade = "accountMade";

    /// <summary>A provider's login opens an account from now on.</summary>
    public const string LoginAdded = "loginAdded";

    /// <summary>A provider's login opens an account no more.</summary>
    public const string LoginRemoved = "loginRemoved";

    /// <summary>A provider has ended sessions; the subject is its name.</summary>
    public const string LoggedOutThere = "loggedOutThere";

    /// <summary>A session was ended.</summary>
    public const string SessionEnded = "sessionEnded";

    /// <summary>Whoever runs the server ended a session of somebody; the subject is whose.</summary>
    public const string SessionEndedFor = "sessionEndedFor";

    /// <summary>Whoever runs the server ended all sessions of somebody; the subject is whose.</summary>
    public const string SessionsEndedFor = "sessionsEndedFor";

    /// <summary>A password was changed.</summary>
    public const string PasswordChanged = "passwordChanged";

    /// <summary>Somebody's password is not enough any more.</summary>
    public const string SecondStepOn = "secondStepOn";

    /// <summary>Somebody's password is enough again.</summary>
    public const string SecondStepOff = "secondStepOff";

    /// <summary>Somebody has made new recovery codes.</summary>
    public const string RecoveryCodesMade = "recoveryCodesMade";

    /// <summary>A recovery code stood in for somebody's device.</summary>
    public const string RecoveryCodeUsed = "recoveryCodeUsed";

    /// <summary>Somebody's second step was taken away by whoever runs the server.</summary>
    public const string SecondStepTakenAway = "secondStepTakenAway";

    /// <summary>It was said who must have a second step.</summary>
    public const string SecondStepDemanded = "secondStepDemanded";

    /// <summary>A passkey opens somebody's account from now on.</summary>
    public const string PasskeyAdded = "passkeyAdded";

    /// <summary>A passkey opens somebody's account no more.</summary>
    public const string PasskeyRemoved = "passkeyRemoved";

    /// <summary>Somebody's passkeys were taken away by whoever runs the server.</summary>
    public const string PasskeysTakenAway = "passkeysTakenAway";

    /// <summary>Somebody has come in with a passkey.</summary>
    public const string PasskeyUsed = "passkeyUsed";

    /// <summary>Somebody asked for a link for another password; the subject is whose, if anybody's.</summary>
    public const string ResetAsked = "resetAsked";

    /// <summary>A password was set with such a link.</summary>
    public const string PasswordReset = "passwordReset";

    /// <summary>Somebody asked for a link that gives their account another address.</summary>
    public const string EmailChangeAsked = "emailChangeAsked";

    /// <summary>An account has another address.</summary>
    public const string EmailChanged = "emailChanged";

    /// <summary>Somebody asked for an account; the subject is whose address it is, if anybody's.</summary>
    public const string SignUpAsked = "signUpAsked";

    /// <summary>An account was made by somebody whom nobody had invited.</summary>
    public const string SignedUp = "signedUp";

    /// <summary>It was said who may make an account.</summary>
    public const string SignUpsChanged = "signUpsChanged";

    /// <summary>Somebody took all that is theirs with them.</summary>
    public const string DataExported = "dataExported";

    /// <summary>An account is to be removed; the subject is whose.</summary>
    public const string RemovalAsked = "removalAsked";

    /// <summary>An account that was to be removed is kept.</summary>
    public const string AccountKept = "accountKept";

    /// <summary>An account was removed, with all that was theirs.</summary>
    public const string AccountRemoved = "accountRemoved";

    /// <summary>Somebody was invited.</summary>
    public const string Invited = "invited";

    /// <summary>An invitation was taken back.</summary>
    public const string InvitationTakenBack = "invitationTakenBack";

    /// <summary>Somebody who was invited has made an account.</summary>
    public const string InvitationAccepted = "invitationAccepted";

    /// <summary>Somebody was given another role.</summary>
    public const string RoleChanged = "roleChanged";

    /// <summary>A role was made; the subject has its name and what it permits.</summary>
    public const string RoleMade = "roleMade";

    /// <summary>A role has another name, or permits something else; the subject has its id, its name and what it permits.</summary>
    public const string RoleEdited = "roleEdited";

    /// <summary>A role was removed; the subject is its name.</summary>
    public const string RoleRemoved = "roleRemoved";

    /// <summary>Somebody was suspended.</summary>
    public const string Suspended = "suspended";

    /// <summary>Somebody was let in again.</summary>
    public const string Restored = "restored";

    /// <summary>A group was made; the subject is its name.</summary>
    public const string GroupMade = "groupMade";

    /// <summary>A group was renamed; the subject has its id and the new name.</summary>
    public const string GroupRenamed = "groupRenamed";

    /// <summary>A group was removed; the subject is its name.</summary>
    public const string GroupRemoved = "groupRemoved";

    /// <summary>Somebody was put into a group; the subject has the group and the account.</summary>
    public const string PutIntoGroup = "putIntoGroup";

    /// <summary>Somebody was taken out of a group; the subject has the group and the account.</summary>
    public const string TakenOutOfGroup = "takenOutOfGroup";

    /// <summary>A provider's login has changed in which groups somebody is.</summary>
    public const string GroupsFollowed = "groupsFollowed";

    /// <summary>Who may use something was changed; the subject is what.</summary>
    public const string AccessChanged = "accessChanged";

    /// <summary>A quota was made; the subject is its id.</summary>
    public const string QuotaMade = "quotaMade";

    /// <summary>A quota gives more or less than before; the subject has its id and how much.</summary>
    public const string QuotaChanged = "quotaChanged";

    /// <summary>Something was added to a balance; the subject has the quota, whose balance, how much, and why.</summary>
    public const string QuotaToppedUp = "quotaToppedUp";

    /// <summary>A quota was removed; the subject is its id.</summary>
    public const string QuotaRemoved = "quotaRemoved";

    /// <summary>Somebody made a token for a program.</summary>
    public const string TokenMade = "tokenMade";

    /// <summary>Somebody took a token away.</summary>
    public const string TokenRevoked = "tokenRevoked";

    /// <summary>Somebody made a webhook; the subject is the host that it leads to.</summary>
    public const string WebhookMade = "webhookMade";

    /// <summary>Somebody removed a webhook.</summary>
    public const string WebhookRemoved = "webhookRemoved";

    /// <summary>Somebody let a person or a group use a collection, or changed what they may do; the subject has the collection, whom, and the right.</summary>
    public const string CollectionShared = "collectionShared";

    /// <summary>Somebody lets a person or a group use a collection no more; the subject has the collection and whom.</summary>
    public const string CollectionUnshared = "collectionUnshared";

    /// <summary>Somebody removed a collection; the subject has it and its name.</summary>
    public const string CollectionRemoved = "collectionRemoved";

    /// <summary>Somebody let a person or a group use a template, or changed what they may do; the subject has the template, whom, and the right.</summary>
    public const string TemplateShared = "templateShared";

    /// <summary>Somebody lets a person or a group use a template no more; the subject has the template and whom.</summary>
    public const string TemplateUnshared = "templateUnshared";

    /// <summary>A template is there for everybody from now on; the subject has it and its name.</summary>
    public const string TemplatePublished = "templatePublished";

    /// <summary>A template is there for everybody no more; the subject has it and its name.</summary>
    public const string TemplateWithdrawn = "templateWithdrawn";

    /// <summary>Somebody removed a template; the subject has it and its name.</summary>
    public const string TemplateRemoved = "templateRemoved";

    /// <summary>Somebody has a collection take in an address or a folder; the subject has the collection and which.</summary>
    public const string SourceAdded = "sourceAdded";

    /// <summary>Somebody has it take that in no more; the subject has the collection and which.</summary>
    public const string SourceRemoved = "sourceRemoved";

    /// <summary>Somebody took many chats with them; the subject is in which form.</summary>
    public const string ChatsExported = "chatsExported";

    /// <summary>Somebody had chats of a file taken in; the subject has the import and the name of the file.</summary>
    public const string ChatsImported = "chatsImported";

    /// <summary>Somebody made a link to a chat; the subject has the link and the chat.</summary>
    public const string ShareMade = "shareMade";

    /// <summary>Somebody took a link to a chat back; the subject is the link.</summary>
    public const string ShareRevoked = "shareRevoked";

    /// <summary>Whoever runs the server had a job run; the subject is which.</summary>
    public const string JobAskedFor = "jobAskedFor";

    /// <summary>Whoever runs the server changed something of it; the subject is the page.</summary>
    public const string Administered = "administered";

    /// <summary>Somebody asked for what is not theirs, or not there.</summary>
    public const string Refused = "refused";

    /// <summary>All.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        SetUp, SignedIn, SignInRefused, LoginRefused, AccountMade, LoginAdded, LoginRemoved, LoggedOutThere, SessionEnded, SessionEndedFor, SessionsEndedFor, PasswordChanged, ResetAsked, PasswordReset,
        SecondStepOn, SecondStepOff, RecoveryCodesMade, RecoveryCodeUsed, SecondStepTakenAway, SecondStepDemanded, PasskeyAdded, PasskeyRemoved, PasskeysTakenAway, PasskeyUsed, EmailChangeAsked, EmailChanged, SignUpAsked, SignedUp, SignUpsChanged, Invited, InvitationTakenBack, InvitationAccepted, RoleChanged, RoleMade, RoleEdited, RoleRemoved, Suspended, Restored,
        GroupMade, GroupRenamed, GroupRemoved, PutIntoGroup, TakenOutOfGroup, GroupsFollowed, AccessChanged, QuotaMade, QuotaChanged, QuotaToppedUp, QuotaRemoved,
        TokenMade, TokenRevoked, WebhookMade, WebhookRemoved, CollectionShared, CollectionUnshared, CollectionRemoved, SourceAdded, SourceRemoved, TemplateShared, TemplateUnshared, TemplatePublished, TemplateWithdrawn, TemplateRemoved, ChatsExported, ChatsImported, ShareMade, ShareRevoked, JobAskedFor, Administered, Refused,
        DataExported, RemovalAsked, AccountKept, AccountRemoved,
    ];
}
