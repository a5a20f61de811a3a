using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RatingsAndFacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsGood",
                table: "turns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "RatedAt",
                table: "turns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RatingComment",
                table: "turns",
                type: "TEXT",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "RatingReasons",
                table: "turns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "IsImpersonal",
                table: "conversations",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "personal_notes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    IsFact = table.Column<bool>(type: "INTEGER", nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_personal_notes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_personal_notes_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_turns_RatedAt",
                table: "turns",
                column: "RatedAt",
                filter: "\"RatedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_personal_notes_AccountId_IsFact_Id",
                table: "personal_notes",
                columns: new[] { "AccountId", "IsFact", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_personal_notes_instructions",
                table: "personal_notes",
                column: "AccountId",
                unique: true,
                filter: "NOT \"IsFact\"");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "personal_notes");

            migrationBuilder.DropIndex(
                name: "IX_turns_RatedAt",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "IsGood",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "RatedAt",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "RatingComment",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "RatingReasons",
                table: "turns");

            migrationBuilder.DropColumn(
                name: "IsImpersonal",
                table: "conversations");
        }
    }
}
