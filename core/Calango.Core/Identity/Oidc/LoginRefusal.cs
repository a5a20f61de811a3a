namespace Calango.Core.Identity;

/// <summary>A login, a logout or a provider was refused. Nothing that the provider or the browser sent is in it.</summary>
public sealed class LoginRefusedException(LoginRefusal reason, Exception? inner = null) : Exception(reason.ToString(), inner)
{
    /// <summary>Why.</summary>
    public LoginRefusal Reason { get; } = reason;
}

/// <summary>Why a login, a logout or a provider was refused: one for each rule, so that whoever runs the server finds what to mend.</summary>
public enum LoginRefusal
{
    /// <summary>There is no such provider, or it was turned off.</summary>
    ProviderOff,

    /// <summary>The provider was changed after the login had begun.</summary>
    ProviderChanged,

    /// <summary>The client's secret cannot be read: the server's keys are not those it was stored with.</summary>
    SecretUnreadable,

    /// <summary>The provider cannot do what was asked, such as having somebody log in anew.</summary>
    NotSupported,

    /// <summary>This browser began no such login, or has finished it already.</summary>
    StateUnknown,

    /// <summary>The login was begun too long ago.</summary>
    StateExpired,

    /// <summary>The login was begun with another provider.</summary>
    StateOfAnotherProvider,

    /// <summary>The person did not agree.</summary>
    Cancelled,

    /// <summary>The provider answered with an error.</summary>
    ProviderError,

    /// <summary>A parameter of the provider's answer is there twice.</summary>
    AnswerAmbiguous,

    /// <summary>The provider's answer has no code.</summary>
    CodeMissing,

    /// <summary>The answer lacks the issuer that the provider promised to name.</summary>
    AnswerIssuerMissing,

    /// <summary>The answer comes from another issuer.</summary>
    AnswerIssuerWrong,

    /// <summary>The name of the provider's host is not known.</summary>
    HostNotFound,

    /// <summary>Nobody answers at the provider's address.</summary>
    Unreachable,

    /// <summary>The provider took too long.</summary>
    TimedOut,

    /// <summary>The provider's certificate is not trusted.</summary>
    InsecureConnection,

    /// <summary>An address is not https, or is none.</summary>
    AddressNotSecure,

    /// <summary>An address leads into this network, from a provider that is outside of it, or to where no provider is.</summary>
    AddressForbidden,

    /// <summary>The provider sends on to another address.</summary>
    Redirected,

    /// <summary>The provider answered with an unexpected status.</summary>
    StatusUnexpected,

    /// <summary>An answer is larger than any good one.</summary>
    TooLarge,

    /// <summary>This is no JSON object.</summary>
    JsonMalformed,

    /// <summary>A member of a JSON object is there twice.</summary>
    JsonDuplicate,

    /// <summary>JSON is nested too deeply.</summary>
    JsonTooDeep,

    /// <summary>The provider describes itself as another issuer than the one that was entered.</summary>
    IssuerMismatch,

    /// <summary>The provider's description lacks something.</summary>
    MetadataIncomplete,

    /// <summary>The provider has no code flow.</summary>
    CodeFlowMissing,

    /// <summary>The provider signs with nothing that is accepted here.</summary>
    AlgorithmsNotShared,

    /// <summary>The provider wants clients to say who they are in a way that is not known here.</summary>
    ClientAuthenticationNotShared,

    /// <summary>The provider's list of keys is none.</summary>
    KeysMalformed,

    /// <summary>The provider has no key for signatures.</summary>
    KeysMissing,

    /// <summary>The provider has no such key.</summary>
    KeyUnknown,

    /// <summary>Several keys could be meant.</summary>
    KeyAmbiguous,

    /// <summary>The key is for something else than signatures.</summary>
    KeyOfAnotherUse,

    /// <summary>The key is for another algorithm or curve.</summary>
    KeyOfAnotherAlgorithm,

    /// <summary>The key is too short.</summary>
    KeyTooWeak,

    /// <summary>The key is none.</summary>
    KeyMalformed,

    /// <summary>The token is larger than any good one.</summary>
    TokenTooLarge,

    /// <summary>The token has not three parts.</summary>
    TokenMalformed,

    /// <summary>A part of the token is written in more than one way.</summary>
    EncodingNotCanonical,

    /// <summary>The token is encrypted.</summary>
    Encrypted,

    /// <summary>The token is not signed.</summary>
    AlgorithmNone,

    /// <summary>The token is signed with a secret instead of a key.</summary>
    AlgorithmSymmetric,

    /// <summary>The token is signed in a way that is not known here.</summary>
    AlgorithmUnknown,

    /// <summary>The token is signed in a way that the provider does not name as its own.</summary>
    AlgorithmNotOffered,

    /// <summary>The token brings its key along.</summary>
    HeaderBringsKey,

    /// <summary>The token says where its key is.</summary>
    HeaderPointsToKey,

    /// <summary>The token brings a certificate along.</summary>
    HeaderBringsCertificate,

    /// <summary>The token says where its certificate is.</summary>
    HeaderPointsToCertificate,

    /// <summary>The token wants something understood that is not.</summary>
    HeaderCritical,

    /// <summary>The token's header has something of the wrong kind.</summary>
    HeaderMalformed,

    /// <summary>The token is of another kind.</summary>
    TypeWrong,

    /// <summary>The signature is empty.</summary>
    SignatureMissing,

    /// <summary>The signature has another form than its algorithm's.</summary>
    SignatureForm,

    /// <summary>A number of the signature is zero.</summary>
    SignatureZero,

    /// <summary>The signature is wrong.</summary>
    SignatureWrong,

    /// <summary>The provider does not give a token for the code.</summary>
    CodeRefused,

    /// <summary>The provider does not know the client or its secret.</summary>
    ClientRefused,

    /// <summary>There is no access token.</summary>
    AccessTokenMissing,

    /// <summary>The access token is of an unknown type.</summary>
    AccessTokenType,

    /// <summary>There is no id_token.</summary>
    IdTokenMissing,

    /// <summary>A claim is of the wrong kind.</summary>
    ClaimMalformed,

    /// <summary>The token is of another issuer.</summary>
    IssuerWrong,

    /// <summary>The token names nobody.</summary>
    SubjectMissing,

    /// <summary>The token is for another client.</summary>
    AudienceWrong,

    /// <summary>The token is for several clients and does not say which one asked.</summary>
    AuthorizedPartyMissing,

    /// <summary>Another client asked for the token.</summary>
    AuthorizedPartyWrong,

    /// <summary>The token does not say when it expires.</summary>
    ExpiryMissing,

    /// <summary>The token has expired.</summary>
    Expired,

    /// <summary>The token does not say when it was issued.</summary>
    IssuedAtMissing,

    /// <summary>The token is from the future.</summary>
    IssuedInFuture,

    /// <summary>The token was issued long ago.</summary>
    IssuedTooLongAgo,

    /// <summary>The token is not valid yet.</summary>
    NotYetValid,

    /// <summary>The token is bound to no login.</summary>
    NonceMissing,

    /// <summary>The token is bound to another login.</summary>
    NonceWrong,

    /// <summary>The access token is another than the id_token's.</summary>
    AccessTokenHashWrong,

    /// <summary>The token does not say when the person logged in, or that was before they were asked to.</summary>
    LoginTooOld,

    /// <summary>What the provider tells of the person is in no form that is known here.</summary>
    UserInfoMalformed,

    /// <summary>What the provider tells is of somebody else.</summary>
    UserInfoSubjectWrong,

    /// <summary>The token is no logout token.</summary>
    LogoutEventMissing,

    /// <summary>The logout token has a nonce, and so could be an id_token.</summary>
    LogoutHasNonce,

    /// <summary>The logout token names neither a person nor a session.</summary>
    LogoutNamesNobody,

    /// <summary>The logout token has no id.</summary>
    LogoutIdMissing,

    /// <summary>The logout token was used before.</summary>
    LogoutReplayed,

    /// <summary>The account is suspended.</summary>
    AccountSuspended,

    /// <summary>Nobody here has this login, and the provider makes no accounts.</summary>
    SignUpClosed,

    /// <summary>Nobody here has this login, and the provider makes accounts for other domains only.</summary>
    DomainNotAllowed,

    /// <summary>Somebody here has this address of e-mail, and that alone does not show that it is them.</summary>
    AddressTaken,

    /// <summary>The login belongs to another account.</summary>
    LoginTaken,

    /// <summary>Somebody else is signed in than when the login was begun.</summary>
    AnotherAccount,
}
